/* http_head.c - the head of an HTTP/1.1 request. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_head.h"

#include <string.h>
#include <strings.h>

#include "weft/limits.h"
#include "banned.h"

enum { LENGTH_DIGITS_MAX = 15, VERSION_BYTES = 8 };

/* What is read, line by line. */
typedef struct reading {
    http_head *head;
    int status;
    const char *why;
    int hosts, lengths, codings;
    bool says_close, says_keep;
} reading;

static void refuse(reading *r, int status, const char *why)
{
    if (r->status == HTTP_OK) {
        r->status = status;
        r->why = why;
    }
}

static bool is_token(char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr(others, c) != NULL);
}

int http_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t http_token_bytes(weft_str s)
{
    size_t n = 0;
    while (n < s.n && is_token(s.p[n]))
        n++;
    return n;
}

static bool is_word(weft_str s, const char *word)
{
    return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static weft_str after(weft_str s, size_t n)
{
    return weft_str_of(s.p + n, s.n - n);
}

int http_head_scan(weft_str bytes, http_scan *scan, size_t *head_bytes)
{
    *head_bytes = 0;
    while (scan->at < bytes.n) {
        const char *lf = memchr(bytes.p + scan->at, '\n', bytes.n - scan->at);
        size_t end = lf == NULL ? bytes.n : (size_t)(lf - bytes.p);
        size_t limit = scan->line_bytes == 0 ? WEFT_HTTP_LINE_MAX
                                             : scan->line_bytes + WEFT_HTTP_HEAD_MAX;
        scan->at = lf == NULL ? end : end + 1;
        if (scan->at > limit)
            return scan->line_bytes == 0 ? 414 : 431;
        if (lf == NULL)
            break;
        if (end == scan->line_start || bytes.p[end - 1] != '\r')
            return 400;
        if (end - 1 == scan->line_start && scan->line_bytes > 0) {
            *head_bytes = scan->at;
            break;
        }
        scan->line_start = scan->at;
        if (scan->line_bytes == 0)
            scan->line_bytes = scan->at;
    }
    return HTTP_OK;
}

/* A line of s without its CR LF; s goes on behind it. */
static bool next_line(weft_str *s, weft_str *line)
{
    const char *cr = memchr(s->p, '\r', s->n);
    if (cr == NULL || cr + 1 >= s->p + s->n || cr[1] != '\n')
        return false;
    *line = weft_str_of(s->p, (size_t)(cr - s->p));
    *s = after(*s, line->n + 2);
    return true;
}

static void read_method(reading *r, weft_str name)
{
    static const struct {
        const char *name;
        http_method method;
    } methods[] = {{"GET", METHOD_GET},
                   {"HEAD", METHOD_HEAD},
                   {"POST", METHOD_POST},
                   {"OPTIONS", METHOD_OPTIONS}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (weft_str_is(name, methods[i].name)) {
            r->head->method = methods[i].method;
            return;
        }
    refuse(r, 501, "unknown method");
}

static void read_version(reading *r, weft_str v)
{
    bool is_shaped = v.n == VERSION_BYTES && memcmp(v.p, "HTTP/", 5) == 0 &&
                     v.p[6] == '.' && v.p[5] >= '0' && v.p[5] <= '9' && v.p[7] >= '0' &&
                     v.p[7] <= '9';
    if (!is_shaped)
        refuse(r, 400, "no HTTP version");
    else if (v.p[5] != '1' || v.p[7] > '1')
        refuse(r, 505, "not HTTP/1.1");
    else
        r->head->minor = v.p[7] - '0';
}

/* http://AUTHORITY/PATH, as a proxy is asked: the authority is plain, and dropped. */
static weft_str drop_authority(reading *r, weft_str target)
{
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:[]";
    weft_str rest = after(target, strlen("http://"));
    size_t n = 0;
    while (n < rest.n && strchr(allowed, rest.p[n]) != NULL)
        n++;
    if (n == 0 || (n < rest.n && rest.p[n] != '/'))
        refuse(r, 400, "bad request target");
    return n < rest.n ? after(rest, n) : weft_str_from("/");
}

/* Whether each % begins an escape, and none is of a NUL. */
static bool has_good_escapes(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '%' &&
            (i + 2 >= s.n || http_hex_digit(s.p[i + 1]) < 0 ||
             http_hex_digit(s.p[i + 2]) < 0 || memcmp(s.p + i, "%00", 3) == 0))
            return false;
    return true;
}

static void read_target(reading *r, weft_str target)
{
    static const char scheme[] = "http://";
    if (target.n >= strlen(scheme) && strncasecmp(target.p, scheme, strlen(scheme)) == 0)
        target = drop_authority(r, target);
    bool is_star = weft_str_is(target, "*") && r->head->method == METHOD_OPTIONS;
    if (!is_star && (target.n == 0 || target.p[0] != '/' || !has_good_escapes(target)))
        refuse(r, 400, "bad request target");
    r->head->target = target;
}

static void read_request_line(reading *r, weft_str line)
{
    size_t n = http_token_bytes(line), end;
    if (n == 0 || n == line.n || line.p[n] != ' ') {
        refuse(r, 400, "bad request line");
        return;
    }
    weft_str method = weft_str_of(line.p, n), rest = after(line, n + 1);
    for (end = 0; end < rest.n && rest.p[end] > ' ' && rest.p[end] < 0x7F; end++)
        ;
    if (end == 0 || end == rest.n || rest.p[end] != ' ') {
        refuse(r, 400, "bad request line");
        return;
    }
    read_version(r, after(rest, end + 1));
    read_method(r, method);
    if (r->status == HTTP_OK)
        read_target(r, weft_str_of(rest.p, end));
}

static weft_str trim(weft_str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = after(s, 1);
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool has_control(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7F)
            return true;
    return false;
}

/* Whether a list of words holds one. */
static bool lists(weft_str list, const char *word)
{
    while (list.n > 0) {
        const char *comma = memchr(list.p, ',', list.n);
        size_t n = comma == NULL ? list.n : (size_t)(comma - list.p);
        if (is_word(trim(weft_str_of(list.p, n)), word))
            return true;
        list = after(list, comma == NULL ? n : n + 1);
    }
    return false;
}

static void read_length(reading *r, weft_str value)
{
    uint64_t length = 0;
    if (r->lengths++ > 0 || value.n == 0 || value.n > LENGTH_DIGITS_MAX) {
        refuse(r, 400, "bad Content-Length");
        return;
    }
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] < '0' || value.p[i] > '9')
            refuse(r, 400, "bad Content-Length");
        length = length * 10 + (uint64_t)(value.p[i] - '0');
    }
    r->head->has_length = true;
    r->head->length = length;
}

static void read_coding(reading *r, weft_str value)
{
    if (r->codings++ > 0)
        refuse(r, 400, "Transfer-Encoding twice");
    else if (!is_word(value, "chunked"))
        refuse(r, 501, "Transfer-Encoding other than chunked");
    r->head->is_chunked = true;
}

/* The fields that say where the body ends and whether the connection goes on. Readers differ
 * on tabs in them. */
static bool read_framing(reading *r, weft_str name, weft_str value, bool has_tab)
{
    if (is_word(name, "host")) {
        if (r->hosts++ > 0)
            refuse(r, 400, "Host twice");
    } else if (is_word(name, "content-length")) {
        read_length(r, value);
    } else if (is_word(name, "transfer-encoding")) {
        read_coding(r, value);
    } else if (is_word(name, "connection")) {
        r->says_close = r->says_close || lists(value, "close");
        r->says_keep = r->says_keep || lists(value, "keep-alive");
    } else if (is_word(name, "expect")) {
        if (!is_word(value, "100-continue"))
            refuse(r, 417, "Expect other than 100-continue");
        r->head->expects_continue = true;
    } else {
        return false;
    }
    if (has_tab)
        refuse(r, 400, "tab in a field that frames the request");
    return true;
}

static bool is_field(weft_str line)
{
    size_t n = http_token_bytes(line);
    return n > 0 && n < line.n && line.p[n] == ':' && !has_control(after(line, n + 1));
}

bool http_is_trailer(weft_str line)
{
    static const char *const framing[] = {
        "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"};
    weft_str name = weft_str_of(line.p, http_token_bytes(line));
    for (size_t i = 0; i < sizeof framing / sizeof *framing; i++)
        if (is_word(name, framing[i]))
            return false;
    return is_field(line);
}

static void read_field(reading *r, weft_str line)
{
    http_head *h = r->head;
    const struct {
        const char *name;
        weft_str *value;
    } kept[] = {{"content-type", &h->content_type},
                {"if-none-match", &h->if_none_match},
                {"origin", &h->origin},
                {"authorization", &h->authorization},
                {"access-control-request-method", &h->request_method}};
    if (!is_field(line)) { /* folded lines end here too */
        refuse(r, 400, "bad header field");
        return;
    }
    size_t n = http_token_bytes(line);
    weft_str name = weft_str_of(line.p, n), value = trim(after(line, n + 1));
    if (read_framing(r, name, value, memchr(line.p, '\t', line.n) != NULL))
        return;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (is_word(name, kept[i].name))
            *kept[i].value = value;
}

static void check_framing(reading *r)
{
    http_head *h = r->head;
    if (h->minor == 1 && r->hosts == 0)
        refuse(r, 400, "no Host");
    if (h->is_chunked && (h->has_length || h->minor == 0))
        refuse(r, 400, "Transfer-Encoding beside Content-Length, or in HTTP/1.0");
    if (h->has_length && h->length > WEFT_HTTP_BODY_MAX)
        refuse(r, 413, "body over 65536 bytes");
    if (h->method == METHOD_POST && !h->is_chunked && !h->has_length)
        refuse(r, 411, "no Content-Length");
    h->keeps_alive = !r->says_close && (h->minor == 1 || r->says_keep);
}

int http_head_read(weft_str bytes, http_head *out, const char **why)
{
    reading r = {.head = out, .status = HTTP_OK};
    weft_str rest = bytes, line;
    *out = (http_head){.minor = 1};
    if (!next_line(&rest, &line))
        refuse(&r, 400, "bad request line");
    else if (line.n + 2 > WEFT_HTTP_LINE_MAX)
        refuse(&r, 414, "request line over 8192 bytes");
    else if (rest.n > WEFT_HTTP_HEAD_MAX)
        refuse(&r, 431, "headers over 16384 bytes");
    else
        read_request_line(&r, line);
    while (r.status == HTTP_OK) {
        if (!next_line(&rest, &line))
            refuse(&r, 400, "bad header field");
        else if (line.n == 0)
            break;
        else
            read_field(&r, line);
    }
    if (r.status == HTTP_OK && rest.n > 0)
        refuse(&r, 400, "bytes behind the head");
    if (r.status == HTTP_OK)
        check_framing(&r);
    *why = r.why;
    return r.status;
}
