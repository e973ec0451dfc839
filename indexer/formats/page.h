/* page.h - the parts of the `page` reader: lines, the head of a page, where comments start,
 * dates, ids.
 *
 * A page is an article saved as text: the site's name, the title (mostly twice),
 * paragraphs, a log-in notice, then numbered comments nested by indent. Each comment is "
 * N. LINK TEXT", under it a header "NAME DATE", then its body.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_PAGE_H
#define FORMATS_PAGE_H

#include "../formats.h"

enum { PAGE_BYTES_MAX = 64 * 1024 * 1024 };

/** One line: text without indent and trailing white space. */
typedef struct page_line {
    weft_str raw;  /* the whole line without its end */
    weft_str text; /* empty for a blank line */
    size_t indent; /* columns before text */
    size_t number; /* 1-based */
    size_t start;  /* byte offset in the page */
} page_line;

typedef struct page_cursor {
    weft_str all;
    size_t at;     /* offset of the next line */
    size_t number; /* of the line last returned */
} page_cursor;

/** The next line; false at the end. */
bool page_next(page_cursor *c, page_line *line);

/** raw without its first `columns` columns of white space, and without trailing white
 * space. */
weft_str page_strip(weft_str raw, size_t columns);

/** Length of the white space character (space, tab, no-break space) at the start of s; 0
 * when there is none. */
size_t page_space(weft_str s);

/** s without any of those at its ends. */
weft_str page_trim(weft_str s);

/**
 * text as one line, in mem: runs of white space are one blank.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT.
 */
weft_code page_fold(void *mem, weft_str text, weft_str *out,
                    weft_error *err) weft_must_check;

/** What tells the day from the month in "25/05/2012". */
typedef enum page_order {
    PAGE_NO_ORDER = 0, /* nothing has to: one of them is a name, or the form says it */
    PAGE_UNCLEAR,      /* nothing does: the first is taken as the day until it is settled */
    PAGE_DAY_FIRST,
    PAGE_MONTH_FIRST
} page_order;

/** A date as written: nothing is checked but the shape. */
typedef struct page_date {
    int year, month, day, hour, minute, second;
    bool has_time;
    bool is_short; /* the year has two digits */
    page_order order;
} page_date;

/** 1..12 when the word is the name of a month in one of many languages; 0. */
int page_month_named(weft_str word);

/** 1..7 from Sunday when it is the name of a weekday; 0. */
int page_weekday_named(weft_str word);

/**
 * Read a date at the start of s. Returns the bytes it takes, 0 when there is none. A time
 * of day that follows belongs to it ("09: 16" too: a translator put the space there);
 * without one it is midnight.
 */
size_t page_date_read(weft_str s, page_date *out);

/** The first date that starts at a word of s. */
bool page_date_find(weft_str s, page_date *out);

/** Add a date to what is known of the order of a page's dates: the same for all, or unclear
 * when they contradict each other. */
page_order page_date_order(page_order so_far, const page_date *d);

/** Read a date that is unclear as the other dates of its page are. */
void page_date_settle(page_date *d, page_order of_page);

/** Seconds since 1970, UTC, of a date in zone tz; false for one that cannot be. */
bool page_date_seconds(const page_date *d, const char *tz, int64_t *out_s);

/** Ways to write the line over a comment. A page has one: the way of most of its comments. */
typedef enum page_shape {
    PAGE_TWICE,  /* "1. NAME", below it "NAME DATE" */
    PAGE_BELOW,  /* "1. NAME says:" or "1. NAME", below it the date */
    PAGE_INLINE, /* "1. NAME DATE" */
    PAGE_WIDGET, /* "1. [ ]", below it "NAME DATE" */
    PAGE_SHAPES,
    PAGE_PING = PAGE_SHAPES /* another site's link among the comments: of any page */
} page_shape;

/** How a comment says who wrote it and when. */
typedef struct page_header {
    page_shape shape;
    weft_str name;
    bool has_date;
    page_date date;
    weft_str ago;    /* a date that counts from when the page was saved; empty */
    size_t indent;   /* columns before the number */
    size_t content;  /* columns before the comment's own lines */
    bool has_button; /* the page may put a "reply" word under each body */
} page_header;

/** Whether a comment starts at line (its next lines are taken from a copy of after). after is
 * moved only if so. */
bool page_comment_starts(const page_line *line, page_cursor *after, page_header *out);

/** "NAME DATE", with words of headers around them at most; sets name, date or ago. */
bool page_name_and_date(weft_str text, page_header *out);

/** As page_name_and_date, for a line known to be a header: the date may have no time, "by" may
 * stand before the name, anything behind the date. */
bool page_name_before_date(weft_str text, page_header *out);

/** Whether nothing but texts of pictures is in text; and text without those before it. */
bool page_is_pictures(weft_str text);
weft_str page_without_pictures(weft_str text);

/** A name without what stands around it: "by", pictures, "says:". */
weft_str page_bare_name(weft_str text);

/** A name without "Author" and the like behind it. */
weft_str page_without_badge(weft_str name);

/** Whether a line is a date that counts from now, in *ago, and words of headers. */
bool page_ago_line(weft_str text, weft_str *ago);

/** Whether it can be someone's name by its length. */
bool page_name_is_fit(weft_str name);

/** Cut "says:" or the like from the end of a name; false when there is none. */
bool page_cut_says(weft_str *name);

/** s without a colon at its end. */
weft_str page_trim_colon(weft_str s);

/** Whether nothing but words of headers and buttons is in s. */
bool page_is_tail(weft_str s);

/** Whether the trimmed text is a page's buttons and nothing else. */
bool page_is_button(weft_str text);

/* Tables of words (page_words.c). */
extern const char *const page_says[];
extern const char *const page_buttons[];
extern const char *const page_tails[];
extern const char *const page_joints[];
extern const char *const page_by[];
extern const char *const page_badges[];
extern const char *const page_pings[];
extern const char *const page_waiting[];
extern const char *const page_end_marks[];
extern const char *const page_menus[];
extern const char *const page_bylines[];

/** What stands above the comments. body is made in mem, empty when there are no paragraphs.
 */
typedef struct page_head {
    weft_str site, title, body;
    weft_str author; /* empty unless a byline names one */
    bool has_date;
    page_date date;
    weft_str ago;
    bool title_twice;
    size_t title_line;
} page_head;

/**
 * Take the head of a page apart.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code page_head_read(void *mem, weft_str head, page_head *out,
                         weft_error *err) weft_must_check;

/**
 * Find site and title of a page that states its title once; c is moved behind the title.
 * *found is false, and nothing changed, when no prose follows anything that can be one.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code page_top_find(void *mem, page_cursor *c, page_head *out, bool *found,
                        weft_error *err) weft_must_check;

/** Whether a heading over the comments repeats the title. */
bool page_title_repeated(weft_str head);

/** Whether a line says who wrote the article and when, or how many comments it has. */
bool page_is_byline(weft_str line);

/**
 * Take author and date of a byline, where they are not known yet.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code page_read_byline(void *mem, weft_str text, page_head *out,
                           weft_error *err) weft_must_check;

/** Whether the matters of the site begin at a line below the article. */
bool page_is_end_mark(weft_str line);

/** Whether a line is pictures, boxes or buttons and nothing else. */
bool page_is_furniture(weft_str line);

/** Whether the head states its title twice right below the site's name or its menu. */
bool page_title_twice(weft_str head);

/** Makes ids: one for each page. */
typedef struct page_ids page_ids;

/**
 * Ids of a page: the article's is source->id, else the file's name without folders and
 * suffix.
 *
 * Errors:  WEFT_EUSAGE without either, WEFT_ENOMEM.
 */
weft_code page_ids_new(void *mem, const fmt_source *source, page_ids **out,
                       weft_error *err) weft_must_check;

/** The article's id, prefix included. */
const char *page_ids_article(const page_ids *ids);

/**
 * The id of the next comment by author at published_s (body counts only when that is
 * unknown), prefix included: ARTICLE/AUTHOR/20130503T0916/1, in mem. It depends on nothing
 * but these and equal comments above it.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code page_ids_comment(page_ids *ids, void *mem, weft_str author, int64_t published_s,
                           weft_str body, const char **out,
                           weft_error *err) weft_must_check;

#endif
