// writer.cc - put documents into one generation, in transactions so that only a commit
// makes them visible. SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/index.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "document.hh"
#include "guard.hh"
#include "weft/limits.h"

struct weft_writer {
    Xapian::WritableDatabase db;
};

extern "C" weft_code weft_writer_open(const char *path, bool create, weft_writer **out,
                                      weft_error *err) noexcept
{
    return guarded(err, path, [&] {
        int flags =
            (create ? Xapian::DB_CREATE : Xapian::DB_OPEN) | Xapian::DB_BACKEND_GLASS;
        weft_writer *w = new weft_writer{Xapian::WritableDatabase(path, flags)};
        try {
            w->db.begin_transaction();
        } catch (...) {
            delete w;
            throw;
        }
        *out = w;
        return WEFT_OK;
    });
}

// Forget what was not committed. After a failed commit Xapian is outside a transaction but
// still holds the changes: one is begun so that it can be cancelled.
static void discard(weft_writer *w)
{
    try {
        w->db.begin_transaction(false);
    } catch (const Xapian::InvalidOperationError &) {
        // Already in one.
    }
    w->db.cancel_transaction();
}

// Xapian's destructor commits what it still holds and swallows a failure: discard first.
// Where that fails the handle is left to the end of the process, since the destructor would
// then write half of a transaction.
extern "C" void weft_writer_free(weft_writer *w) noexcept
{
    if (w == nullptr)
        return;
    try {
        discard(w);
        delete w;
    } catch (...) {
        // Nobody to report to.
    }
}

// Xapian stores a term with each NUL doubled; a longer one throws, which would lose the
// whole batch.
static weft_code check_terms(const weft_document *document, weft_error *err)
{
    for (size_t i = 0; i < document->term_count; i++) {
        weft_str t = document->terms[i].text;
        if (t.n == 0 || t.n > WEFT_TERM_MAX || memchr(t.p, '\0', t.n) != nullptr)
            return weft_fail(err, WEFT_ELIMIT,
                             "a term of %zu bytes (or with a NUL) cannot be stored", t.n);
    }
    return WEFT_OK;
}

// Have a document that is there hold what another does. Given another, Xapian notes for each of
// its terms that it has no positions, which takes longer than all else; given the one it has
// just read, it looks at what was changed.
static void change_document(Xapian::WritableDatabase &db, Xapian::docid docid,
                            const Xapian::Document &made)
{
    Xapian::Document d = db.get_document(docid);
    std::vector<std::string> gone;
    std::vector<std::pair<std::string, Xapian::termcount>> come;
    Xapian::TermIterator a = d.termlist_begin(), b = made.termlist_begin();
    const Xapian::TermIterator a_end = d.termlist_end(), b_end = made.termlist_end();
    while (a != a_end || b != b_end) {
        const int order = a == a_end ? 1 : b == b_end ? -1 : (*a).compare(*b);
        const bool differs = order != 0 || a.get_wdf() != b.get_wdf();
        if (differs && order <= 0)
            gone.push_back(*a);
        if (differs && order >= 0)
            come.emplace_back(*b, b.get_wdf());
        if (order <= 0)
            ++a;
        if (order >= 0)
            ++b;
    }
    for (const std::string &term : gone)
        d.remove_term(term);
    for (const auto &[term, wdf] : come)
        d.add_term(term, wdf);
    d.clear_values();
    for (Xapian::ValueIterator v = made.values_begin(); v != made.values_end(); ++v)
        d.add_value(v.get_valueno(), *v);
    d.set_data(made.get_data());
    db.replace_document(docid, d);
}

extern "C" weft_code weft_writer_put(weft_writer *w, const weft_document *document,
                                     weft_error *err) noexcept
{
    weft_code code = check_terms(document, err);
    if (code != WEFT_OK)
        return code;
    return guarded(err, "write document", [&] {
        const std::string unique = to_string(document->unique);
        const Xapian::Document made = make_document(document);
        const Xapian::PostingIterator old = w->db.postlist_begin(unique);
        if (old == w->db.postlist_end(unique))
            w->db.add_document(made);
        else
            change_document(w->db, *old, made);
        return WEFT_OK;
    });
}

extern "C" weft_code weft_writer_remove(weft_writer *w, weft_str unique,
                                        weft_error *err) noexcept
{
    return guarded(err, "remove document", [&] {
        w->db.delete_document(to_string(unique));
        return WEFT_OK;
    });
}

extern "C" weft_code weft_writer_set_metadata(weft_writer *w, const char *key,
                                              weft_str value, weft_error *err) noexcept
{
    return guarded(err, "write metadata", [&] {
        w->db.set_metadata(key, to_string(value));
        return WEFT_OK;
    });
}

extern "C" weft_code weft_writer_commit(weft_writer *w, weft_error *err) noexcept
{
    return guarded(err, "commit", [&] {
        w->db.commit_transaction();
        w->db.begin_transaction();
        return WEFT_OK;
    });
}
