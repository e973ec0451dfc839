// compare.cc - whether two generations are the same to every reader, and whether one is sound.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/check.h"
#include "weft/index.h"

#include <sstream>

#include "guard.hh"

namespace
{

using Xapian::Database;

// The first difference found.
struct Difference {
    std::string text;
};

template <class T>
void same(const T &a, const T &b, const char *what, const std::string &of = "")
{
    if (a == b)
        return;
    std::ostringstream text;
    text << what << (of.empty() ? "" : " of ") << of << " differs";
    throw Difference{text.str()};
}

// Walk two iterators side by side; each compares what they stand at.
template <class Iterator, class Each>
void walk(Iterator a, Iterator a_end, Iterator b, Iterator b_end, const std::string &what,
          Each each)
{
    for (; a != a_end && b != b_end; ++a, ++b) {
        same(*a, *b, "an entry", what);
        each(a, b);
    }
    same(a == a_end, b == b_end, "the end", what);
}

void same_statistics(const Database &a, const Database &b)
{
    same(a.get_doccount(), b.get_doccount(), "the number of documents");
    same(a.get_lastdocid(), b.get_lastdocid(), "the last docid");
    same(a.get_total_length(), b.get_total_length(), "the total length");
    same(a.get_doclength_lower_bound(), b.get_doclength_lower_bound(), "the least length");
    same(a.get_doclength_upper_bound(), b.get_doclength_upper_bound(), "the most length");
    same(a.has_positions(), b.has_positions(), "having positions");
}

void same_metadata(const Database &a, const Database &b)
{
    walk(a.metadata_keys_begin(), a.metadata_keys_end(), b.metadata_keys_begin(),
         b.metadata_keys_end(), "the metadata",
         [&](const Xapian::TermIterator &at, const Xapian::TermIterator &) {
             same(a.get_metadata(*at), b.get_metadata(*at), "the metadata", *at);
         });
}

void same_postings(const Database &a, const Database &b, const std::string &term)
{
    walk(a.postlist_begin(term), a.postlist_end(term), b.postlist_begin(term),
         b.postlist_end(term), "the postings of '" + term + "'",
         [&](const Xapian::PostingIterator &i, const Xapian::PostingIterator &j) {
             same(i.get_wdf(), j.get_wdf(), "a wdf", term);
             same(i.get_doclength(), j.get_doclength(), "a length by the postings", term);
         });
}

void same_terms(const Database &a, const Database &b)
{
    walk(a.allterms_begin(), a.allterms_end(), b.allterms_begin(), b.allterms_end(),
         "the terms", [&](const Xapian::TermIterator &i, const Xapian::TermIterator &j) {
             same(i.get_termfreq(), j.get_termfreq(), "the frequency", *i);
             same(a.get_collection_freq(*i), b.get_collection_freq(*i), "the sum of wdfs",
                  *i);
             same(a.get_wdf_upper_bound(*i), b.get_wdf_upper_bound(*i), "the most wdf", *i);
             same_postings(a, b, *i);
         });
}

void same_document(const Database &a, const Database &b, Xapian::docid id)
{
    const std::string name = "document " + std::to_string(id);
    same(a.get_doclength(id), b.get_doclength(id), "the length", name);
    same(a.get_unique_terms(id), b.get_unique_terms(id), "the number of terms", name);
    walk(a.termlist_begin(id), a.termlist_end(id), b.termlist_begin(id), b.termlist_end(id),
         "the terms of " + name,
         [&](const Xapian::TermIterator &i, const Xapian::TermIterator &j) {
             same(i.get_wdf(), j.get_wdf(), "a wdf", name);
             same(i.get_termfreq(), j.get_termfreq(), "a frequency", name);
         });
    const Xapian::Document da = a.get_document(id), db = b.get_document(id);
    same(da.get_data(), db.get_data(), "the stored bytes", name);
    walk(da.values_begin(), da.values_end(), db.values_begin(), db.values_end(),
         "the values of " + name,
         [&](const Xapian::ValueIterator &i, const Xapian::ValueIterator &j) {
             same(i.get_valueno(), j.get_valueno(), "a slot", name);
         });
}

void same_slot(const Database &a, const Database &b, Xapian::valueno slot)
{
    const std::string name = "slot " + std::to_string(slot);
    same(a.get_value_freq(slot), b.get_value_freq(slot), "the number of values", name);
    same(a.get_value_lower_bound(slot), b.get_value_lower_bound(slot), "the least", name);
    same(a.get_value_upper_bound(slot), b.get_value_upper_bound(slot), "the most", name);
    walk(a.valuestream_begin(slot), a.valuestream_end(slot), b.valuestream_begin(slot),
         b.valuestream_end(slot), "the values of " + name,
         [&](const Xapian::ValueIterator &i, const Xapian::ValueIterator &j) {
             same(i.get_docid(), j.get_docid(), "a document", name);
         });
}

void same_all(const Database &a, const Database &b, uint32_t slots)
{
    same_statistics(a, b);
    same_metadata(a, b);
    same_postings(a, b, "");
    same_terms(a, b);
    for (Xapian::PostingIterator i = a.postlist_begin(""); i != a.postlist_end(""); ++i)
        same_document(a, b, *i);
    for (uint32_t slot = 0; slot < slots; slot++)
        same_slot(a, b, slot);
}

} // namespace

extern "C" weft_code weft_index_compare(const char *path, const char *other, uint32_t slots,
                                        weft_error *err) noexcept
{
    return guarded(err, path, [&] {
        try {
            same_all(Database(path), Database(other), slots);
        } catch (const Difference &d) {
            return weft_fail(err, WEFT_ECORRUPT, "%s: %s", path, d.text.c_str());
        }
        return WEFT_OK;
    });
}

// Xapian 1.4.22's check deletes its tables as the class below their own, which has no virtual
// destructor: true, harmless, and the end of a program under AddressSanitizer.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char *__asan_default_options() noexcept;
extern "C" const char *__asan_default_options() noexcept
{
    return "new_delete_type_mismatch=0";
}
#endif

extern "C" weft_code weft_index_check(const char *path, weft_error *err) noexcept
{
    return guarded(err, path, [&] {
        std::ostringstream report;
        const size_t faults = Database::check(path, Xapian::DBCHECK_SHOW_STATS, &report);
        if (faults > 0)
            return weft_fail(err, WEFT_ECORRUPT, "%s: %zu faults in its tables: %s", path,
                             faults, report.str().c_str());
        return WEFT_OK;
    });
}
