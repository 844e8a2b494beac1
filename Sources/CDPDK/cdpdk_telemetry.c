#include "cdpdk_telemetry.h"

#include <errno.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_pdump.h>
#include <rte_telemetry.h>
#include <stdio.h>

static cdpdk_telemetry_handler shared_handler;

static int answer(const char *command, const char *parameters, struct rte_tel_data *reply) {
    rte_tel_data_start_dict(reply);
    return shared_handler(command, parameters, reply) ? 0 : -1;
}

int cdpdk_telemetry_register(const char *command, const char *help, cdpdk_telemetry_handler handler) {
    if (shared_handler == NULL) shared_handler = handler;
    return -rte_telemetry_register_cmd(command, answer, help);
}

int cdpdk_telemetry_add_number(void *reply, const char *name, uint64_t value) {
    return -rte_tel_data_add_dict_u64(reply, name, value);
}

int cdpdk_telemetry_add_text(void *reply, const char *name, const char *value) {
    char text[RTE_TEL_MAX_STRING_LEN];
    snprintf(text, sizeof text, "%s", value);
    return -rte_tel_data_add_dict_string(reply, name, text);
}

unsigned cdpdk_telemetry_maximum_entries(void) { return RTE_TEL_MAX_DICT_ENTRIES; }

const char *cdpdk_runtime_directory(void) { return rte_eal_get_runtime_dir(); }

int cdpdk_pdump_start(void) {
    rte_errno = 0;
    int result = rte_pdump_init();
    if (result == 0) return 0;
    return rte_errno != 0 ? rte_errno : -result;
}

int cdpdk_pdump_stop(void) { return rte_pdump_uninit() == 0 ? 0 : (rte_errno != 0 ? rte_errno : EINVAL); }
