// reader.cc - look up documents, values and terms of one generation.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/index.h"

#include <algorithm>
#include <vector>

#include "guard.hh"
#include "reader.hh"

extern "C" weft_code weft_reader_open(const char *path, weft_reader **out,
                                      weft_error *err) noexcept
{
    return guarded(err, path, [&] {
        const Xapian::Database db(path, Xapian::DB_BACKEND_GLASS);
        *out = new weft_reader{db, db.get_uuid()};
        return WEFT_OK;
    });
}

extern "C" void weft_reader_free(weft_reader *r) noexcept
{
    delete r;
}

extern "C" weft_code weft_reader_refresh(weft_reader *r, weft_error *err) noexcept
{
    return guarded(err, "refresh index", [&] {
        r->db.reopen();
        if (r->db.get_uuid() != r->uuid)
            return weft_fail(err, WEFT_ECHANGED, "refresh index: is another one now");
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_find(weft_reader *r, weft_str unique, uint32_t *docid,
                                      weft_error *err) noexcept
{
    return guarded(err, "look up document", [&] {
        const std::string term = to_string(unique);
        Xapian::PostingIterator i = r->db.postlist_begin(term);
        *docid = i == r->db.postlist_end(term) ? 0 : *i;
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_stored(weft_reader *r, void *mem, uint32_t docid,
                                        weft_str *out, weft_error *err) noexcept
{
    return guarded(err, "read document", [&] {
        *out = copy_to(mem, r->db.get_document(docid, Xapian::DOC_ASSUME_VALID).get_data());
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_value(weft_reader *r, void *mem, uint32_t docid,
                                       uint32_t slot, weft_str *out,
                                       weft_error *err) noexcept
{
    return guarded(err, "read value", [&] {
        *out = copy_to(mem,
                       r->db.get_document(docid, Xapian::DOC_ASSUME_VALID).get_value(slot));
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_frequency(weft_reader *r, weft_str term, uint32_t *out,
                                           weft_error *err) noexcept
{
    return guarded(err, "count documents", [&] {
        *out = r->db.get_termfreq(to_string(term));
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_postings_from(weft_reader *r, void *mem,
                                               const weft_postings_range *range,
                                               uint32_t **docids, size_t *count,
                                               weft_error *err) noexcept
{
    return guarded(err, "list documents", [&] {
        const std::string name = to_string(range->term);
        std::vector<uint32_t> found;
        Xapian::PostingIterator i = r->db.postlist_begin(name);
        const Xapian::PostingIterator end = r->db.postlist_end(name);
        if (range->from > 1 && i != end)
            i.skip_to(range->from);
        for (; i != end && found.size() < range->limit; ++i)
            found.push_back(*i);
        *docids = new_array<uint32_t>(mem, found.size());
        std::copy(found.begin(), found.end(), *docids);
        *count = found.size();
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_postings(weft_reader *r, void *mem, weft_str term,
                                          size_t limit, uint32_t **docids, size_t *count,
                                          weft_error *err) noexcept
{
    const weft_postings_range range = {term, 0, limit};
    return weft_reader_postings_from(r, mem, &range, docids, count, err);
}

extern "C" weft_code weft_reader_terms(weft_reader *r, void *mem, weft_str prefix,
                                       size_t limit, weft_str **terms, size_t *count,
                                       weft_error *err) noexcept
{
    return guarded(err, "list terms", [&] {
        const std::string start = to_string(prefix);
        std::vector<weft_str> found;
        for (Xapian::TermIterator i = r->db.allterms_begin(start);
             i != r->db.allterms_end(start) && found.size() < limit; ++i)
            found.push_back(copy_to(mem, (*i).substr(start.size())));
        *terms = new_array<weft_str>(mem, found.size());
        std::copy(found.begin(), found.end(), *terms);
        *count = found.size();
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_walk(weft_reader *r, const weft_term_walk *walk,
                                      weft_error *err) noexcept
{
    return guarded(err, "walk over terms", [&] {
        const std::string start = to_string(walk->prefix);
        Xapian::TermIterator i = r->db.allterms_begin(start);
        const Xapian::TermIterator end = r->db.allterms_end(start);
        while (i != end) {
            const std::string term = *i;
            const weft_str tail =
                weft_str_of(term.data() + start.size(), term.size() - start.size());
            weft_str to = tail;
            const weft_step step = walk->visit(
                walk->of, tail, walk->with_frequency ? i.get_termfreq() : 0, &to);
            if (step == WEFT_STEP_END)
                break;
            if (step == WEFT_STEP_TO && weft_str_cmp(to, tail) > 0)
                i.skip_to(start + to_string(to));
            else
                ++i;
        }
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_metadata(weft_reader *r, void *mem, const char *key,
                                          weft_str *out, weft_error *err) noexcept
{
    return guarded(err, "read metadata", [&] {
        *out = copy_to(mem, r->db.get_metadata(key));
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_wdfs(weft_reader *r, const weft_str *terms,
                                      size_t term_count, const uint32_t *docids,
                                      size_t count, uint32_t *wdfs,
                                      weft_error *err) noexcept
{
    return guarded(err, "read postings", [&] {
        std::fill(wdfs, wdfs + term_count * count, 0);
        for (size_t t = 0; t < term_count; t++) {
            const std::string term = to_string(terms[t]);
            Xapian::PostingIterator at = r->db.postlist_begin(term);
            const Xapian::PostingIterator end = r->db.postlist_end(term);
            for (size_t d = 0; d < count && at != end; d++) {
                at.skip_to(docids[d]);
                if (at != end && *at == docids[d])
                    wdfs[t * count + d] = at.get_wdf();
            }
        }
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_values(weft_reader *r, void *mem, uint32_t slot,
                                        const uint32_t *docids, size_t count, weft_str *out,
                                        weft_error *err) noexcept
{
    return guarded(err, "read values", [&] {
        Xapian::ValueIterator at = r->db.valuestream_begin(slot);
        const Xapian::ValueIterator end = r->db.valuestream_end(slot);
        for (size_t d = 0; d < count; d++) {
            if (at != end)
                at.skip_to(docids[d]);
            const bool found = at != end && at.get_docid() == docids[d];
            out[d] = found ? copy_to(mem, *at) : weft_str{"", 0};
        }
        return WEFT_OK;
    });
}

extern "C" weft_code weft_reader_lengths(weft_reader *r, const uint32_t *docids,
                                         size_t count, uint32_t *out,
                                         weft_error *err) noexcept
{
    return guarded(err, "read lengths", [&] {
        for (size_t d = 0; d < count; d++)
            out[d] = r->db.get_doclength(docids[d]);
        return WEFT_OK;
    });
}

extern "C" uint32_t weft_reader_last(const weft_reader *r) noexcept
{
    try {
        return r->db.get_lastdocid();
    } catch (...) {
        return 0;
    }
}

extern "C" uint32_t weft_reader_documents(const weft_reader *r) noexcept
{
    try {
        return r->db.get_doccount();
    } catch (...) {
        return 0;
    }
}
