// agree.cc - whether a document in the index is as it should be, and whether the tables of
// terms and of documents tell the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/check.h"

#include "document.hh"
#include "guard.hh"
#include "reader.hh"

namespace
{

template <class Iterator, class Same>
bool same_walk(Iterator a, Iterator a_end, Iterator b, Iterator b_end, Same same)
{
    for (; a != a_end && b != b_end; ++a, ++b)
        if (*a != *b || !same(a, b))
            return false;
    return a == a_end && b == b_end;
}

bool same_terms(const Xapian::Document &a, const Xapian::Document &b)
{
    return same_walk(a.termlist_begin(), a.termlist_end(), b.termlist_begin(),
                     b.termlist_end(),
                     [](const Xapian::TermIterator &i, const Xapian::TermIterator &j) {
                         return i.get_wdf() == j.get_wdf();
                     });
}

bool same_values(const Xapian::Document &a, const Xapian::Document &b)
{
    return same_walk(a.values_begin(), a.values_end(), b.values_begin(), b.values_end(),
                     [](const Xapian::ValueIterator &i, const Xapian::ValueIterator &j) {
                         return i.get_valueno() == j.get_valueno();
                     });
}

uint64_t hash_term(const std::string &term)
{
    return weft_str_hash(weft_str_of(term.data(), term.size()));
}

uint64_t hash_posting(uint64_t term, uint64_t docid, uint64_t wdf)
{
    const uint64_t numbers[] = {term, docid, wdf};
    return weft_str_hash(
        weft_str_of(reinterpret_cast<const char *>(numbers), sizeof numbers));
}

// What the lists of terms say; a length is a posting of the empty term.
uint64_t sum_terms(const Xapian::Database &db)
{
    const uint64_t of_lengths = hash_term("");
    uint64_t sum = 0;
    for (Xapian::PostingIterator i = db.postlist_begin(""); i != db.postlist_end(""); ++i)
        sum += hash_posting(of_lengths, *i, i.get_doclength());
    for (Xapian::TermIterator t = db.allterms_begin(); t != db.allterms_end(); ++t) {
        const std::string term = *t;
        const uint64_t hash = hash_term(term);
        const Xapian::PostingIterator end = db.postlist_end(term);
        for (Xapian::PostingIterator i = db.postlist_begin(term); i != end; ++i)
            sum += hash_posting(hash, *i, i.get_wdf());
    }
    return sum;
}

// What the documents say.
uint64_t sum_documents(const Xapian::Database &db)
{
    const uint64_t of_lengths = hash_term("");
    uint64_t sum = 0;
    for (Xapian::PostingIterator i = db.postlist_begin(""); i != db.postlist_end(""); ++i) {
        uint64_t length = 0;
        const Xapian::TermIterator end = db.termlist_end(*i);
        for (Xapian::TermIterator t = db.termlist_begin(*i); t != end; ++t) {
            sum += hash_posting(hash_term(*t), *i, t.get_wdf());
            length += t.get_wdf();
        }
        sum += hash_posting(of_lengths, *i, length);
    }
    return sum;
}

} // namespace

extern "C" weft_code weft_reader_holds(weft_reader *r, uint32_t docid,
                                       const weft_document *document, bool *holds,
                                       weft_error *err) noexcept
{
    return guarded(err, "compare document", [&] {
        const Xapian::Document a = make_document(document), b = r->db.get_document(docid);
        *holds = same_terms(a, b) && same_values(a, b);
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_postings_agree(weft_reader *r, bool *agree,
                                                weft_error *err) noexcept
{
    return guarded(err, "compare postings", [&] {
        *agree = sum_terms(r->db) == sum_documents(r->db);
        return WEFT_OK;
    });
}
