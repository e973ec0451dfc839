/* layout.c - what all pages have in common, and the files they need. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"

#include <string.h>

#include "html.h"
#include "banned.h"

const char web_policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* assets.S */
extern const char web_style_begin[], web_style_end[];
extern const char web_script_begin[], web_script_end[];
extern const char web_icon_begin[], web_icon_end[];

bool web_asset_find(weft_str path, web_asset *out)
{
    const struct {
        const char *path, *content_type, *begin, *end;
    } assets[] = {
        {"/weft.css", "text/css; charset=utf-8", web_style_begin, web_style_end},
        {"/weft.js", "text/javascript; charset=utf-8", web_script_begin, web_script_end},
        {"/favicon.svg", "image/svg+xml", web_icon_begin, web_icon_end},
    };
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
        if (weft_str_is(path, assets[i].path)) {
            *out = (web_asset){
                assets[i].path, assets[i].content_type,
                weft_str_of(assets[i].begin, (size_t)(assets[i].end - assets[i].begin))};
            return true;
        }
    return false;
}

const char *web_value(const web_page *page, const char *key)
{
    const char *text = page->request == NULL ? NULL : weft_request_text(page->request, key);
    return text == NULL ? "" : text;
}

void web_begin(const web_page *page, const char *title)
{
    weft_buf *b = page->out;
    weft_buf_add_text(
        b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    if (*title != '\0') {
        html_text(b, weft_str_from(title));
        weft_buf_add_text(b, " · ");
    }
    html_text(b, weft_str_from(page->site_name));
    weft_buf_add_text(b,
                      "</title>\n<link rel=\"stylesheet\" href=\"/weft.css\">\n"
                      "<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n"
                      "<script src=\"/weft.js\" defer></script>\n</head>\n<body>\n"
                      "<header><a class=\"home\" href=\"/\">");
    html_text(b, weft_str_from(page->site_name));
    weft_buf_add_text(b, "</a>\n");
}

/* <option>s of a <select>. */
static void put_options(weft_buf *b, const char *const (*options)[2], const char *chosen)
{
    for (size_t i = 0; options[i][0] != NULL; i++)
        weft_buf_addf(b, "<option value=\"%s\"%s>%s</option>", options[i][0],
                      strcmp(options[i][0], chosen) == 0 ? " selected" : "", options[i][1]);
}

static void put_select(const web_page *page, const char *name, const char *label,
                       const char *const (*options)[2])
{
    weft_buf_addf(page->out, "<label>%s <select name=\"%s\">", label, name);
    put_options(page->out, options, web_value(page, name));
    weft_buf_add_text(page->out, "</select></label>\n");
}

static void put_day(const web_page *page, const char *name, const char *label)
{
    weft_buf_addf(page->out, "<label>%s <input type=\"date\" name=\"%s\" value=\"", label,
                  name);
    html_text(page->out, weft_str_from(web_value(page, name)));
    weft_buf_add_text(page->out, "\"></label>\n");
}

void web_form(const web_page *page)
{
    static const char *const types[][2] = {{"", "articles and comments"},
                                           {"article", "articles"},
                                           {"comment", "comments"},
                                           {NULL, NULL}};
    static const char *const sorts[][2] = {
        {"", "best first"},      {"newest", "newest first"},  {"oldest", "oldest first"},
        {"votes", "most votes"}, {"replies", "most replies"}, {NULL, NULL}};
    static const char *const groups[][2] = {{"", "one by one"},
                                            {"thread", "by conversation"},
                                            {"author", "by author"},
                                            {NULL, NULL}};
    weft_buf *b = page->out;
    weft_buf_add_text(
        b,
        "<form role=\"search\" action=\"/\" method=\"get\">\n<div class=\"box\">"
        "<input id=\"q\" name=\"q\" type=\"search\" aria-label=\"Search\" autocomplete=\"off\" "
        "autocapitalize=\"off\" spellcheck=\"false\" placeholder=\"Search articles and comments\" "
        "maxlength=\"1024\" value=\"");
    html_text(b, weft_str_from(web_value(page, "q")));
    weft_buf_add_text(b, "\"><button>Search</button></div>\n<div class=\"choices\">\n");
    put_select(page, "type", "Find", types);
    put_select(page, "sort", "Sort", sorts);
    put_select(page, "group", "Show", groups);
    weft_buf_add_text(b, "<span class=\"days\">");
    put_day(page, "from", "From");
    put_day(page, "to", "to");
    weft_buf_add_text(b, "</span></div>\n</form>\n</header>\n");
}

void web_failure(const web_page *page)
{
    weft_buf_add_text(page->out, "<main><p class=\"failure\" role=\"alert\">");
    html_text(page->out, weft_str_from(page->failure->text));
    weft_buf_add_text(page->out, "</p></main>\n");
}

void web_end(const web_page *page)
{
    weft_buf_add_text(page->out, "</body>\n</html>\n");
}
