/* token.c - the token a server beyond this machine wants to see. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "reply.h"
#include "banned.h"

enum { FILE_MAX = 64 * 1024 }; /* bytes of a token file, as the server reads it */

/* The first line of a text that is neither empty nor a comment. */
static weft_str first_token(weft_str text)
{
    weft_str line;
    while (weft_str_next_line(&text, &line)) {
        line = weft_str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            return line;
    }
    return weft_str_of(NULL, 0);
}

static weft_code read_token(void *mem, const char *path, weft_str *out, weft_error *err)
{
    char *text = talloc_size(mem, FILE_MAX);
    if (text == NULL)
        return weft_fail_nomem(err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 0;
    size_t n = 0;
    while (fd >= 0 && n < FILE_MAX && (got = read(fd, text + n, FILE_MAX - n)) > 0)
        n += (size_t)got;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return weft_fail(err, WEFT_EIO, "token file '%s': %s", path, strerror(why));
    *out = first_token(weft_str_of(text, n));
    return out->n > 0
               ? WEFT_OK
               : weft_fail(err, WEFT_EUSAGE, "token file '%s': no token in it", path);
}

static weft_code ask(server *s, const char *request, weft_error *err)
{
    weft_str line;
    json_t *reply = NULL;
    weft_code code = server_ask(s, weft_str_from(request), &line, err);
    if (code == WEFT_OK)
        code = reply_parse(line, &reply, err);
    json_decref(reply);
    return code;
}

weft_code token_show(server *s, const server_place *place, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *variable = getenv("WEFT_TOKEN");
    weft_str token = weft_str_from(variable);
    weft_code code = WEFT_OK;
    if (!s->is_tcp || (place->token_file == NULL && token.n == 0))
        return WEFT_OK;
    if (place->token_file != NULL)
        code = read_token(tmp, place->token_file, &token, err);
    if (code != WEFT_OK)
        return code;
    json_t *request = json_pack("{s:s,s:s%}", "cmd", "auth", "token", token.p, token.n);
    char *text = request == NULL ? NULL : json_dumps(request, JSON_COMPACT);
    json_decref(request);
    if (text == NULL)
        return weft_fail(err, WEFT_EUSAGE, "the token is not valid UTF-8");
    code = ask(s, text, err);
    free(text);
    return code;
}
