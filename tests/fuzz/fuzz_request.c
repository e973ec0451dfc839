/* fuzz_request.c - a request line, whatever its bytes, is read or refused with a reason
 * that can be sent. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/proto.h"
#include "commands.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_request *request = NULL;
    const command *row = NULL;
    weft_error err = {0};
    weft_code code =
        command_read(mem, weft_str_of((const char *)bytes, n), &request, &row, &err);
    assert((code == WEFT_OK) == (err.code == WEFT_OK));
    if (code == WEFT_OK) {
        assert(row != NULL && request != NULL);
        return 0;
    }
    weft_str reply = weft_reply_error(mem, request == NULL ? NULL : request->id, &err, 0);
    json_t *again = json_loadb(reply.p, reply.n, JSON_REJECT_DUPLICATES, NULL);
    assert(again != NULL);
    json_decref(again);
    return 0;
}
