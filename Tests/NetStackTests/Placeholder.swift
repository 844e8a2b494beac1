// Until the first test of this room lands.
