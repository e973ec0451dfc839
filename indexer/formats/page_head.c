/* page_head.c - what stands above the comments of a page: site, title, paragraphs; the
 * log-in notice is left out.
 *
 * The title is the line that stands twice; where none does, the line below the site's name.
 * The notice ("to leave comments you must register", "Sign in") is told by a few words, and
 * only where nothing of length follows it: an article may speak of registering, too.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <strings.h>

#include "weft/mem.h"
#include "banned.h"

enum {
    MENU_LINES_MAX = 40,  /* lines between the site's name and a title that stands twice */
    MENU_LINE_MAX = 80,   /* bytes of one */
    NOTICE_MAX = 250,     /* bytes of a notice that names comments and how to sign in */
    BUTTON_MAX = 60,      /* bytes of a line such as "I have an account? Sign in" */
    HEADING_MAX = 40,     /* bytes of a line such as "31 comments" */
    BYLINE_LINES_MAX = 3, /* that a byline goes on in */
    AFTER_NOTICE_MAX = 6, /* other short lines after the notice */
    SHORT_MAX = 120       /* bytes of one of those */
};

/* Starts of words, as they may stand after anything but an ASCII letter. ASCII case does
 * not matter. */
static const char *const SIGN_IN[] = {
    "log in",      "logged in",      "login",         "sign in",     "signed in",
    "sign up",     "register",       "anmelden",      "angemeldet",  "einloggen",
    "eingeloggt",  "registrier",     "войти",         "войдите",     "Войти",
    "Войдите",     "авториз",        "Авториз",       "зарегистрир", "Зарегистрир",
    "Регистрация", "регистрация",    "se connecter",  "connectez",   "inscrire",
    "inscrivez",   "iniciar sesión", "inicia sesión", "regístrate",  "accedi",
    NULL};
static const char *const COMMENT[] = {"comment",     "kommentar", "kommentier", "комментар",
                                      "Комментар",   "comentar",  "comentario", "Antworten",
                                      "Ergänzungen", "replies",   NULL};
static const char *const ACCOUNT[] = {"account",  "konto",  "аккаунт", "учетн",
                                      "учётн",    "compte", "cuenta",  "password",
                                      "passwort", "пароль", NULL};

static const char *const READER[] = {"you",   "please", "to leave", "to post", "to add",
                                     "bitte", "um zu",  "чтобы",    "Чтобы",   "вы ",
                                     "вам ",  "pour ",  "vous ",    "para ",   NULL};

static bool is_ascii_letter(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

static bool word_starts_at(weft_str line, size_t at, const char *word)
{
    /* the first byte in either case of ASCII, since nearly all comparisons end there */
    if ((line.p[at] | 0x20) != (word[0] | 0x20))
        return false;
    size_t n = strlen(word);
    return line.n - at >= n && strncasecmp(line.p + at, word, n) == 0;
}

/* Whether a word of the list starts somewhere in a short line. */
static bool has_any(weft_str line, const char *const *words)
{
    for (size_t at = 0; at < line.n; at++) {
        if (at > 0 && is_ascii_letter(line.p[at - 1]))
            continue;
        for (size_t i = 0; words[i] != NULL; i++) {
            if (word_starts_at(line, at, words[i]))
                return true;
        }
    }
    return false;
}

/* "Comments", "31 comments", "Comments (31)": a comment word, alone or with a number. */
static bool is_comments_heading(weft_str line)
{
    size_t words = 0, digits = 0;
    if (line.n > HEADING_MAX || !has_any(line, COMMENT))
        return false;
    for (size_t i = 0; i < line.n; i++) {
        words += i == 0 || line.p[i - 1] == ' ';
        digits += line.p[i] >= '0' && line.p[i] <= '9';
    }
    char last = line.p[line.n - 1];
    return words <= (digits > 0 ? 2 : 1) && last != '.' && last != '!' && last != '?';
}

/* A line that is chrome wherever it stands below the article; unbroken: right below a line of text. Otherwise it must
   speak to the reader, as "the minister declined to comment on the register" does not. */
static bool is_notice(weft_str line, bool unbroken)
{
    if (line.n > NOTICE_MAX)
        return false;
    bool sign_in = has_any(line, SIGN_IN);
    return (sign_in && has_any(line, COMMENT) && (unbroken || has_any(line, READER))) ||
           is_comments_heading(line) ||
           (sign_in && line.n <= BUTTON_MAX && has_any(line, ACCOUNT));
}

/* A line that is chrome below a notice or, unbroken, below the last paragraph. */
static bool is_button(weft_str line)
{
    return line.n <= BUTTON_MAX && has_any(line, SIGN_IN);
}

static bool next_text(page_cursor *c, page_line *line)
{
    while (page_next(c, line)) {
        if (line->text.n > 0)
            return true;
    }
    return false;
}

/* A line that can stand in a menu: short and no sentence. */
static bool is_menu_line(weft_str line)
{
    char last = line.p[line.n - 1];
    return line.n <= MENU_LINE_MAX && last != '.' && last != '!' && last != '?' &&
           last != ':';
}

/* A line of a menu's list, or the text of a picture. */
static bool is_dot_line(weft_str line)
{
    return weft_str_starts(line, "•") || weft_str_starts(line, "□") ||
           weft_str_starts(line, "*") || line.p[0] == '[';
}

/* Find the line that stands twice; c is moved behind it. */
static bool find_twin(page_cursor *c, page_line *title)
{
    page_cursor ahead = *c;
    page_line line, next;
    if (!next_text(&ahead, &line))
        return false;
    for (int i = 0; i < MENU_LINES_MAX && next_text(&ahead, &next); i++) {
        if (weft_str_eq(line.text, next.text) && !is_dot_line(line.text)) {
            *title = line;
            *c = ahead;
            return true;
        }
        if (!is_menu_line(line.text))
            return false;
        line = next;
    }
    return false;
}

/* Where the chrome at the end of the head starts; the end of the head when there is none.
 */
static size_t find_chrome(page_cursor c)
{
    size_t chrome = c.all.n;
    bool in_chrome = false, unbroken = false;
    int others = 0;
    page_line line;
    while (page_next(&c, &line)) {
        bool notice = line.text.n > 0 && is_notice(line.text, unbroken);
        bool button = line.text.n > 0 && is_button(line.text);
        if (in_chrome && line.text.n > 0 && !notice && !button)
            others++;
        if (in_chrome &&
            (others > AFTER_NOTICE_MAX || (!notice && line.text.n > SHORT_MAX))) {
            in_chrome = false;
            chrome = c.all.n;
        }
        if (!in_chrome && (notice || (button && unbroken))) {
            in_chrome = true;
            chrome = line.start;
            others = 0;
        }
        unbroken = line.text.n > 0;
    }
    return chrome;
}

/* The lines from c to its end; blank lines between paragraphs become one. */
static weft_code join_paragraphs(void *mem, page_cursor c, weft_str *out, weft_error *err)
{
    weft_buf body;
    page_line line;
    bool gap = false;
    weft_buf_init(&body, mem, PAGE_BYTES_MAX * 2);
    while (page_next(&c, &line)) {
        if (line.text.n > 0 && body.n > 0)
            weft_buf_add_text(&body, gap ? "\n\n" : "\n");
        weft_buf_add(&body, line.text);
        gap = line.text.n == 0;
    }
    *out = weft_buf_str(&body);
    return weft_buf_check(&body, "article", err);
}

/* A byline may go on in the next lines of its block. */
static weft_str byline_block(page_cursor c, const page_line *first)
{
    page_line line;
    weft_str text = first->text;
    for (int i = 0; i < BYLINE_LINES_MAX && page_next(&c, &line) && line.text.n > 0; i++)
        text.n = (size_t)(line.text.p - text.p) + line.text.n;
    return text;
}

/* Bylines and the end of an article whose page states its title once; its lines in `body`,
 * bylines and pictures left out. */
static weft_code read_single(void *mem, page_cursor c, weft_str *body, page_head *out,
                             weft_error *err)
{
    weft_buf lines;
    page_line line;
    bool ended = false;
    weft_code code = WEFT_OK;
    weft_buf_init(&lines, mem, PAGE_BYTES_MAX * 2);
    while (code == WEFT_OK && page_next(&c, &line)) {
        bool is_mark = page_is_end_mark(line.text);
        ended = ended || is_mark;
        bool is_byline = line.text.n > 0 && page_is_byline(line.text);
        if (is_byline)
            code = page_read_byline(mem, line.text, out, err);
        else if (is_mark && page_is_byline(byline_block(c, &line)))
            code = page_read_byline(mem, byline_block(c, &line), out, err);
        if (!ended && !is_byline && !page_is_furniture(line.text)) {
            weft_buf_add(&lines, line.raw);
            weft_buf_add_char(&lines, '\n');
        }
    }
    *body = weft_buf_str(&lines);
    return code == WEFT_OK ? weft_buf_check(&lines, "article", err) : code;
}

weft_code page_head_read(void *mem, weft_str head, page_head *out, weft_error *err)
{
    page_cursor c = {head, 0, 0}, top = c;
    page_line site, title;
    weft_str body;
    bool found = false;
    *out = (page_head){0};
    if (!next_text(&c, &site))
        return WEFT_OK;
    out->title_line = site.number;
    out->title_twice = find_twin(&c, &title);
    bool is_repeated = page_title_repeated(head);
    weft_code code = WEFT_OK;
    if (!out->title_twice || is_repeated)
        code = page_top_find(mem, &top, out, &found, err);
    if (code == WEFT_OK && found)
        code = read_single(mem, top, &body, out, err);
    if (code != WEFT_OK)
        return code;
    if (found) {
        page_cursor lines = {body, 0, 0};
        out->title_twice = false;
        lines.all.n = find_chrome(lines);
        return join_paragraphs(mem, lines, &out->body, err);
    }
    out->site = site.text;
    if (!out->title_twice && !next_text(&c, &title))
        return WEFT_OK;
    out->title = title.text;
    out->title_line = title.number;
    c.all.n = find_chrome(c);
    return join_paragraphs(mem, c, &out->body, err);
}

bool page_title_twice(weft_str head)
{
    page_cursor c = {head, 0, 0};
    page_line site, title;
    return next_text(&c, &site) && find_twin(&c, &title);
}
