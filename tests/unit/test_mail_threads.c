/* test_mail_threads.c - whose answer each message is. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "formats/mail.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static weft_error err;

/* Ids with spaces between, as views. */
static size_t split(void *mem, const char *words, weft_str **out)
{
    weft_str rest = weft_str_from(words);
    size_t count = 0;
    *out = weft_new_array(mem, weft_str, 16);
    while (rest.n > 0) {
        const char *space = memchr(rest.p, ' ', rest.n);
        size_t n = space == NULL ? rest.n : (size_t)(space - rest.p);
        (*out)[count++] = weft_str_of(rest.p, n);
        n += space == NULL ? 0 : 1;
        rest = weft_str_of(rest.p + n, rest.n - n);
    }
    return count;
}

typedef struct message {
    const char *id, *answers, *references;
} message;

/* Messages in order, and where each must stand: "article<parent", "article" for the article
 * itself; "!" behind it for a stub that is asked for, "?" for an answer to nothing there. */
static const struct {
    message messages[6];
    const char *places;
} rows[] = {
    {{{"a@", "", ""}}, "a@"},
    {{{"a@", "", ""}, {"b@", "a@", "a@"}, {"c@", "b@", "a@ b@"}}, "a@ a@<a@ a@<b@"},
    {{{"c@", "b@", "a@ b@"}, {"b@", "a@", ""}, {"a@", "", ""}}, "a@<b@ a@<a@ a@"},
    {{{"a@", "", ""}, {"b@", "", "a@ z@"}}, "a@ a@<a@"},
    {{{"a@", "", ""}, {"b@", "z@", "a@ z@"}}, "a@ a@<z@?"},
    {{{"a@", "", ""}, {"b@", "ann@host a@", ""}}, "a@ a@<a@"},
    {{{"b@", "a@", "r@ a@"}, {"c@", "z@", "r@ z@"}}, "r@<a@!? r@<z@?"},
    {{{"b@", "a@", ""}, {"c@", "b@", ""}}, "a@<a@!? a@<b@"},
    {{{"b@", "yes", "yes"}, {"c@", "yes", "yes"}, {"d@", "b@", "yes b@"}},
     "b@/thread<yes!? c@/thread<yes!? b@/thread<b@"},
    {{{"b@", "yes", "yes r@"}}, "r@<yes!?"},
    {{{"a@", "a@", "a@"}}, "a@"},
    {{{"a@", "b@", ""}, {"b@", "a@", ""}}, "b@<b@ b@"},
    {{{"a@", "c@", ""}, {"b@", "a@", ""}, {"c@", "b@", ""}, {"d@", "c@", ""}},
     "b@<c@ b@ b@<b@ b@<c@"},
    {{{"a@", "", ""}, {"a@", "", ""}, {"b@", "a@", ""}, {"b@", "a@", ""}},
     "a@ a@ a@<a@ a@<a@"},
    {{{"b@", "z@", "r@"}, {"b@", "z@", "r@"}}, "r@<z@!? r@<z@"},
};

START_TEST(places)
{
    weft_scope void *mem = talloc_new(NULL);
    mail_threads *t;
    size_t count = 0;
    char *got = talloc_strdup(mem, "");
    ck_assert_int_eq(mail_threads_new(mem, &t, &err), WEFT_OK);
    for (; count < 6 && rows[_i].messages[count].id != NULL; count++) {
        const message *from = &rows[_i].messages[count];
        mail m = {.id = weft_str_from(from->id)};
        m.answer_count = split(mem, from->answers, &m.answers);
        m.reference_count = split(mem, from->references, &m.references);
        ck_assert_int_eq(mail_threads_add(t, &m, &err), WEFT_OK);
    }
    for (size_t i = 0; i < count; i++) {
        mail_place p;
        ck_assert_int_eq(mail_threads_place(t, i, &p, &err), WEFT_OK);
        got = talloc_asprintf_append(got, "%s%s%s%s%s%s", i == 0 ? "" : " ", p.article,
                                     p.parent == NULL ? "" : "<",
                                     p.parent == NULL ? "" : p.parent,
                                     p.needs_stub ? "!" : "", p.is_orphan ? "?" : "");
    }
    ck_assert_msg(strcmp(got, rows[_i].places) == 0, "row %d: %s", _i, got);
}
END_TEST

/* A chain of as many as there may be, the last one first; then one more. */
START_TEST(messages_have_a_limit)
{
    weft_scope void *mem = talloc_new(NULL);
    mail_threads *t;
    mail_place p;
    char id[24], answer[24];
    weft_str answers[1];
    mail m = {.answers = answers, .answer_count = 1};
    ck_assert_int_eq(mail_threads_new(mem, &t, &err), WEFT_OK);
    for (int i = WEFT_MAILS_MAX; i > 0; i--) {
        snprintf(id, sizeof id, "%d@x", i);
        snprintf(answer, sizeof answer, "%d@x", i - 1);
        m.id = weft_str_from(id);
        answers[0] = weft_str_from(answer);
        ck_assert_int_eq(mail_threads_add(t, &m, &err), WEFT_OK);
    }
    ck_assert_int_eq(mail_threads_place(t, 0, &p, &err), WEFT_OK);
    ck_assert_str_eq(p.article, "0@x");
    ck_assert_int_eq(mail_threads_add(t, &m, &err), WEFT_ELIMIT);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mail_threads");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, places, 0, (int)COUNT(rows));
    tcase_add_test(t, messages_have_a_limit);
    Suite *s = suite_create("mail_threads");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
