// content.cc - everything a generation holds, and whether another holds the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/check.h"

#include <vector>

#include "guard.hh"
#include "reader.hh"

namespace
{

weft_str view(const std::string &s)
{
    return weft_str_of(s.data(), s.size());
}

// A document taken apart. The vectors keep their room from one document to the next.
class Parts
{
    std::vector<std::string> texts;
    std::vector<weft_term> terms;
    std::vector<weft_value> values;
    std::string stored;

  public:
    weft_document take(const Xapian::Document &d)
    {
        texts.clear();
        terms.clear();
        values.clear();
        for (Xapian::TermIterator t = d.termlist_begin(); t != d.termlist_end(); ++t) {
            texts.push_back(*t);
            terms.push_back(weft_term{{nullptr, 0}, t.get_wdf()});
        }
        for (Xapian::ValueIterator v = d.values_begin(); v != d.values_end(); ++v) {
            texts.push_back(*v);
            values.push_back(weft_value{v.get_valueno(), {nullptr, 0}});
        }
        // Only now: texts moves while it grows.
        for (size_t i = 0; i < terms.size(); i++)
            terms[i].text = view(texts[i]);
        for (size_t i = 0; i < values.size(); i++)
            values[i].bytes = view(texts[terms.size() + i]);
        stored = d.get_data();
        return weft_document{{nullptr, 0},  terms.data(),  terms.size(),
                             values.data(), values.size(), view(stored)};
    }
};

weft_code walk_content(const Xapian::Database &db, const weft_content_walk &walk,
                       weft_error *err)
{
    for (Xapian::TermIterator k = db.metadata_keys_begin(); k != db.metadata_keys_end();
         ++k) {
        const std::string value = db.get_metadata(*k);
        const weft_code code = walk.metadata(walk.of, (*k).c_str(), view(value), err);
        if (code != WEFT_OK)
            return code;
    }
    Parts parts;
    for (Xapian::PostingIterator i = db.postlist_begin(""); i != db.postlist_end(""); ++i) {
        const weft_document document = parts.take(db.get_document(*i));
        const weft_code code = walk.document(walk.of, *i, &document, err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

// What a generation holds, in one number each.
struct Sums {
    uint64_t metadata, documents, count;
};

uint64_t hash_three(uint64_t a, uint64_t b, uint64_t c)
{
    const uint64_t numbers[] = {a, b, c};
    return weft_str_hash(
        weft_str_of(reinterpret_cast<const char *>(numbers), sizeof numbers));
}

weft_code add_metadata(void *of, const char *key, weft_str value, weft_error *) noexcept
{
    static_cast<Sums *>(of)->metadata +=
        hash_three(weft_str_hash(weft_str_from(key)), weft_str_hash(value), 0);
    return WEFT_OK;
}

weft_code add_document(void *of, uint32_t docid, const weft_document *d,
                       weft_error *) noexcept
{
    uint64_t hash = hash_three(docid, weft_str_hash(d->stored), d->term_count);
    for (size_t i = 0; i < d->term_count; i++)
        hash = hash_three(hash, weft_str_hash(d->terms[i].text), d->terms[i].wdf);
    for (size_t i = 0; i < d->value_count; i++)
        hash = hash_three(hash, weft_str_hash(d->values[i].bytes), d->values[i].slot);
    Sums *sums = static_cast<Sums *>(of);
    sums->documents += hash;
    sums->count++;
    return WEFT_OK;
}

Sums sums_of(const Xapian::Database &db)
{
    Sums sums = {0, 0, 0};
    const weft_content_walk walk = {add_metadata, add_document, &sums};
    (void)walk_content(db, walk, nullptr); // neither of the two fails
    return sums;
}

} // namespace

extern "C" weft_code weft_reader_walk_content(weft_reader *r, const weft_content_walk *walk,
                                              weft_error *err) noexcept
{
    return guarded(err, "read documents", [&] { return walk_content(r->db, *walk, err); });
}

extern "C" weft_code weft_index_same(const char *path, const char *other,
                                     weft_error *err) noexcept
{
    return guarded(err, path, [&] {
        bool agree = false;
        weft_reader a = {Xapian::Database(path), ""};
        const Sums ours = sums_of(a.db), theirs = sums_of(Xapian::Database(other));
        const weft_code code = weft_reader_postings_agree(&a, &agree, err);
        if (code != WEFT_OK)
            return code;
        if (ours.count != theirs.count || ours.documents != theirs.documents)
            return weft_fail(err, WEFT_ECORRUPT, "%s: its documents are not those of %s",
                             path, other);
        if (ours.metadata != theirs.metadata)
            return weft_fail(err, WEFT_ECORRUPT, "%s: its metadata are not those of %s",
                             path, other);
        return agree ? WEFT_OK
                     : weft_fail(err, WEFT_ECORRUPT,
                                 "%s: its postings are not those of its documents", path);
    });
}
