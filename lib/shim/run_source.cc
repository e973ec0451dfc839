// run_source.cc - a phrase or NEAR as a posting source over the stream of words in a value
// slot.
//
// The stream is a sequence of little-endian 32-bit values: hashes of folded words with
// marks between them (weft/query.h). SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "pack.hh"
#include "sources.hh"

RunSource::RunSource(const weft_run &r, std::shared_ptr<Deadline> d)
    : slot(r.slot), words(r.words, r.words + r.count), segments(r.segments), any(r.any),
      window(r.window), first(std::min(r.first, r.count)), deadline(d)
{
}

void RunSource::init(const Xapian::Database &database)
{
    db = database;
    at = db.valuestream_begin(slot);
    end = db.valuestream_end(slot);
    started = ended = false;
}

Xapian::doccount RunSource::get_termfreq_min() const
{
    return 0;
}

// As frequent as can be, so that it is asked last: it only ever confirms what the words'
// own postings have found.
Xapian::doccount RunSource::get_termfreq_est() const
{
    return db.get_value_freq(slot);
}

Xapian::doccount RunSource::get_termfreq_max() const
{
    return db.get_value_freq(slot);
}

namespace
{

uint32_t word_at(const char *p)
{
    unsigned char b[4];
    memcpy(b, p, 4);
    return static_cast<uint32_t>(b[0]) | static_cast<uint32_t>(b[1]) << 8 |
           static_cast<uint32_t>(b[2]) << 16 | static_cast<uint32_t>(b[3]) << 24;
}

// Words side by side.
struct Part {
    const uint32_t *words;
    size_t count;
};

// Whether the words stand in this order at p; a mark in between is no word, so it ends the
// run.
bool in_order(const char *p, const char *end, Part part)
{
    if (static_cast<size_t>(end - p) / 4 < part.count)
        return false;
    for (size_t i = 0; i < part.count; i++)
        if (word_at(p + 4 * i) != part.words[i])
            return false;
    return true;
}

// Whether one part stands at p and the other begins at most `window` words after it, before
// the next mark.
bool in_reach(const char *p, const char *end, Part left, Part right, uint32_t window)
{
    if (!in_order(p, end, left))
        return false;
    p += 4 * left.count;
    for (uint32_t k = 0; k < window && p < end; k++, p += 4) {
        if (word_at(p) < WEFT_STREAM_MARKS)
            return false;
        if (in_order(p, end, right))
            return true;
    }
    return false;
}

} // namespace

bool RunSource::stands_at(const char *p, const char *stop) const
{
    if (any)
        return std::binary_search(words.begin(), words.end(), word_at(p));
    if (window == 0)
        return in_order(p, stop, {words.data(), words.size()});
    const Part a = {words.data(), first}, b = {words.data() + first, words.size() - first};
    return in_reach(p, stop, a, b, window) || in_reach(p, stop, b, a, window);
}

bool RunSource::holds(const std::string &stream) const
{
    const char *p = stream.data(), *stop = p + stream.size() / 4 * 4;
    bool inside = false;
    for (; p < stop; p += 4) {
        uint32_t w = word_at(p);
        if (w < WEFT_STREAM_MARKS) {
            if (w <= WEFT_STREAM_SEGMENT_LAST)
                inside = (segments >> w & 1) != 0;
            continue;
        }
        if (inside && stands_at(p, stop))
            return true;
    }
    return false;
}

void RunSource::settle()
{
    while (at != end && !deadline->passed() && !holds(*at))
        ++at;
    ended = at == end || deadline->passed();
}

void RunSource::next(double)
{
    if (started && at != end)
        ++at;
    started = true;
    settle();
}

void RunSource::skip_to(Xapian::docid did, double)
{
    started = true;
    if (at != end)
        at.skip_to(did);
    settle();
}

// After a no, next() must give the first match past did: when the posting already stands
// past it, next() begins there.
bool RunSource::check(Xapian::docid did, double)
{
    if (at != end)
        at.skip_to(did);
    started = at != end && at.get_docid() == did;
    ended = at == end || deadline->passed();
    return ended || (started && holds(*at));
}

bool RunSource::at_end() const
{
    return ended;
}

Xapian::docid RunSource::get_docid() const
{
    return at.get_docid();
}

RunSource *RunSource::clone() const
{
    weft_run r = {slot, words.data(), words.size(), segments, first, window, any};
    return new RunSource(r, deadline);
}

std::string RunSource::name() const
{
    return "weft::RunSource";
}

std::string RunSource::serialise() const
{
    Packer p;
    p.number(slot)
        .number(segments)
        .number(static_cast<int64_t>(first))
        .number(any)
        .number(window)
        .number(deadline->at_ms)
        .number(static_cast<int64_t>(words.size()));
    for (uint32_t w : words)
        p.number(w);
    return p.out;
}

RunSource *RunSource::unserialise(const std::string &s) const
{
    Unpacker u(s);
    weft_run r{};
    r.slot = static_cast<uint32_t>(u.number());
    r.segments = static_cast<uint32_t>(u.number());
    r.first = static_cast<size_t>(u.number());
    r.any = u.number() != 0;
    r.window = static_cast<uint32_t>(u.number());
    int64_t at_ms = u.number();
    std::vector<uint32_t> read(std::min<size_t>(static_cast<size_t>(u.number()), 1024));
    for (uint32_t &w : read)
        w = static_cast<uint32_t>(u.number());
    r.words = read.data();
    r.count = read.size();
    return new RunSource(r, std::make_shared<Deadline>(at_ms));
}

std::string RunSource::get_description() const
{
    return "run(" + std::to_string(words.size()) + ")";
}
