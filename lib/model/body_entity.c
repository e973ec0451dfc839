/* body_entity.c - the characters that entities stand for. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_parts.h"

#include <libxml/HTMLparser.h>

#include "banned.h"

enum {
    NAME_MAX_BYTES = 8, /* of HTML 4's names */
    DIGITS_MAX = 8,
    DEEP_MAX = 3, /* times escaped over */
    UNICODE_MAX = 0x10FFFF,
    REPLACEMENT = 0xFFFD
};

/* HTML 5's names for ASCII that exports really use; those of HTML 4 are libxml2's table. */
static const struct {
    const char *name;
    char c;
} ascii_names[] = {
    {"NewLine", '\n'}, {"Tab", '\t'},   {"excl", '!'},   {"num", '#'},    {"dollar", '$'},
    {"percnt", '%'},   {"lpar", '('},   {"rpar", ')'},   {"ast", '*'},    {"plus", '+'},
    {"comma", ','},    {"hyphen", '-'}, {"period", '.'}, {"sol", '/'},    {"colon", ':'},
    {"semi", ';'},     {"equals", '='}, {"quest", '?'},  {"commat", '@'}, {"lsqb", '['},
    {"lbrack", '['},   {"bsol", '\\'},  {"rsqb", ']'},   {"rbrack", ']'}, {"lowbar", '_'},
    {"grave", '`'},    {"lcub", '{'},   {"lbrace", '{'}, {"vert", '|'},   {"rcub", '}'},
    {"rbrace", '}'},   {"AMP", '&'},    {"LT", '<'},     {"GT", '>'},     {"QUOT", '"'},
};

/* What the numbers 128 to 159 are meant to be: Windows-1252. Source: HTML, "numeric character
 * reference end state". */
static const unsigned short windows_1252[] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

static size_t put_utf8(unsigned c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(unsigned char)(0xC0 | c >> 6);
        out[1] = (char)(unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(unsigned char)(0xE0 | c >> 12);
        out[1] = (char)(unsigned char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(unsigned char)(0xF0 | c >> 18);
    out[1] = (char)(unsigned char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(unsigned char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

/* A number names no character of that number where that would be no text. */
static unsigned character_of(unsigned number)
{
    if (number >= 0x80 && number <= 0x9F)
        return windows_1252[number - 0x80];
    if (number == 0 || number > UNICODE_MAX || (number >= 0xD800 && number <= 0xDFFF))
        return REPLACEMENT;
    bool is_control = number < 0x20 && number != '\t' && number != '\n';
    return is_control || number == 0x7F ? ' ' : number;
}

static int digit_of(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (base == 16 && c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (base == 16 && c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* s begins behind "&#". */
static size_t read_number(weft_str s, unsigned *out)
{
    unsigned base = s.n > 0 && (s.p[0] == 'x' || s.p[0] == 'X') ? 16 : 10;
    size_t start = base == 16 ? 1 : 0, i = start;
    unsigned long long number = 0;
    while (i < s.n && i - start < DIGITS_MAX && digit_of(s.p[i], base) >= 0)
        number = number * base + (unsigned)digit_of(s.p[i++], base);
    if (i == start)
        return 0;
    *out = character_of(number > UNICODE_MAX ? REPLACEMENT : (unsigned)number);
    return i + (i < s.n && s.p[i] == ';');
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static size_t read_name(weft_str s, unsigned *out)
{
    static const char *const bare[] = {"amp", "lt", "gt", "quot", "nbsp"};
    char name[NAME_MAX_BYTES + 1] = {0};
    size_t n = 0;
    while (n < s.n && n < NAME_MAX_BYTES && is_name_char(s.p[n])) {
        name[n] = s.p[n];
        n++;
    }
    bool closed = n < s.n && s.p[n] == ';';
    bool known = closed;
    for (size_t i = 0; !closed && i < sizeof bare / sizeof bare[0]; i++)
        known = known || strcmp(bare[i], name) == 0;
    if (n == 0 || !known || (!closed && n < s.n && (s.p[n] == '=' || is_name_char(s.p[n]))))
        return 0;
    const htmlEntityDesc *found = htmlEntityLookup((const xmlChar *)name);
    if (found != NULL) {
        *out = found->value;
        return n + closed;
    }
    for (size_t i = 0; i < sizeof ascii_names / sizeof ascii_names[0]; i++)
        if (strcmp(ascii_names[i].name, name) == 0) {
            *out = (unsigned char)ascii_names[i].c;
            return n + closed;
        }
    return 0;
}

size_t body_entity(weft_str s, char out[4], size_t *out_n)
{
    unsigned c = 0;
    size_t n = 0;
    if (s.n > 1 && s.p[0] == '#') {
        n = read_number(weft_str_of(s.p + 1, s.n - 1), &c);
        n += n > 0;
    } else if (s.n > 0) {
        n = read_name(s, &c);
    }
    if (n > 0)
        *out_n = put_utf8(c, out);
    return n;
}

size_t body_entity_deep(weft_str s, char out[4], size_t *out_n)
{
    size_t taken = body_entity(s, out, out_n);
    for (int i = 1; i < DEEP_MAX && taken > 0 && out[0] == '&'; i++) {
        char inner[4];
        size_t inner_n,
            n = body_entity(weft_str_of(s.p + taken, s.n - taken), inner, &inner_n);
        if (n == 0 || s.p[taken + n - 1] != ';')
            break;
        memcpy(out, inner, inner_n);
        *out_n = inner_n;
        taken += n;
    }
    return taken;
}
