// test_sources.cc - posting sources against a plain walk of every document, by every way
// Xapian may move them; and what they become when they travel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <check.h>
#include <xapian.h>

#include "sources.hh"

using Xapian::docid;
typedef std::vector<uint32_t> Words;
typedef std::vector<docid> Docids;

namespace
{

enum { DOCUMENTS = 400, SLOT = 8, ROUNDS = 60 };

uint32_t random_state = 1;

uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state / 65536 % n;
}

std::string as_bytes(const Words &words)
{
    std::string out;
    for (uint32_t w : words)
        for (int shift = 0; shift < 32; shift += 8)
            out += static_cast<char>(w >> shift & 0xFF);
    return out;
}

// A stream of few different words, so that runs are found often, with marks of every kind.
Words random_stream()
{
    Words words(random_below(30));
    for (uint32_t &w : words)
        w = random_below(4) == 0 ? 1 + random_below(6) : 100 + random_below(5);
    return words;
}

// A database in memory: streams in SLOT, a term t with wdf 1 to 8 in some of the documents.
struct World {
    Xapian::WritableDatabase db{"", Xapian::DB_BACKEND_INMEMORY};
    std::vector<Words> streams{Words()};
    std::vector<unsigned> wdf{0};
    World()
    {
        for (int i = 0; i < DOCUMENTS; i++) {
            Xapian::Document d;
            streams.push_back(random_stream());
            wdf.push_back(random_below(3) == 0 ? 0 : 1 + random_below(8));
            if (wdf.back() > 0)
                d.add_term("t", wdf.back());
            d.add_value(SLOT, as_bytes(streams.back()));
            d.add_term("every");
            db.add_document(d);
        }
    }
};

bool stands_at(const Words &part, size_t at, const Words &run)
{
    return at + run.size() <= part.size() &&
           std::equal(run.begin(), run.end(), part.begin() + static_cast<long>(at));
}

// One part, then the other: its first word at most `window` words after the last of the one.
bool in_reach(const Words &part, const Words &left, const Words &right, uint32_t window)
{
    for (size_t i = 0; i < part.size(); i++)
        for (size_t k = 1; stands_at(part, i, left) && k <= window; k++)
            if (stands_at(part, i + left.size() - 1 + k, right))
                return true;
    return false;
}

// By hand, from the words of weft/query.h, for a stretch of words without a mark.
bool part_holds(const Words &part, const Words &run, const weft_run &r)
{
    if (r.window == 0)
        return std::search(part.begin(), part.end(), run.begin(), run.end()) != part.end();
    const Words a(r.words, r.words + r.first), b(r.words + r.first, r.words + r.count);
    return in_reach(part, a, b, r.window) || in_reach(part, b, a, r.window);
}

bool stream_holds(const Words &stream, const weft_run &run)
{
    Words wanted(run.words, run.words + run.count), part;
    uint32_t segment = 0;
    bool found = false;
    for (size_t i = 0; i <= stream.size(); i++) {
        if (i < stream.size() && stream[i] >= WEFT_STREAM_MARKS) {
            part.push_back(stream[i]);
            continue;
        }
        if (segment != 0 && (run.segments >> segment & 1) != 0)
            found = found || part_holds(part, wanted, run);
        part.clear();
        if (i < stream.size() && stream[i] <= WEFT_STREAM_SEGMENT_LAST)
            segment = stream[i];
    }
    return found;
}

Docids matching(const std::function<bool(docid)> &holds)
{
    Docids found;
    for (docid d = 1; d <= DOCUMENTS; d++)
        if (holds(d))
            found.push_back(d);
    return found;
}

Docids by_next(Xapian::PostingSource &source, const Xapian::Database &db)
{
    Docids found;
    source.init(db);
    for (source.next(0); !source.at_end(); source.next(0))
        found.push_back(source.get_docid());
    return found;
}

// Xapian's rule for check(): false leaves a place from which next() and skip_to() go to the
// next match; true stands where skip_to() would.
void walk_at_random(Xapian::PostingSource &source, const Xapian::Database &db,
                    const Docids &expected)
{
    source.init(db);
    docid last = 0;
    for (;;) {
        uint32_t how = random_below(3);
        docid to = last + 1 + (how == 0 ? 0 : random_below(20));
        if (to > DOCUMENTS)
            return;
        Docids::const_iterator next =
            std::lower_bound(expected.begin(), expected.end(), to);
        bool placed = true;
        if (how == 0)
            source.next(0);
        else if (how == 1)
            source.skip_to(to, 0);
        else
            placed = source.check(to, 0);
        if (!placed) {
            ck_assert_msg(next == expected.end() || *next != to, "check misses %u", to);
            last = to;
            continue;
        }
        ck_assert_msg(source.at_end() == (next == expected.end()), "from %u to %u, way %u",
                      last, to, how);
        if (source.at_end())
            return;
        ck_assert_msg(source.get_docid() == *next, "from %u to %u, way %u: %u, not %u",
                      last, to, how, source.get_docid(), *next);
        last = *next;
    }
}

// The source itself, its clone, and what comes of its serialised form.
void check_source(const Xapian::PostingSource &original, const World &world,
                  const Docids &expected)
{
    std::unique_ptr<Xapian::PostingSource> copies[] = {
        std::unique_ptr<Xapian::PostingSource>(original.clone()),
        std::unique_ptr<Xapian::PostingSource>(original.unserialise(original.serialise()))};
    for (std::unique_ptr<Xapian::PostingSource> &copy : copies) {
        ck_assert(copy->serialise() == original.serialise());
        ck_assert(copy->name() == original.name());
        ck_assert(by_next(*copy, world.db) == expected);
        ck_assert_uint_le(copy->get_termfreq_min(), expected.size());
        ck_assert_uint_ge(copy->get_termfreq_max(), expected.size());
        for (int i = 0; i < 20; i++)
            walk_at_random(*copy, world.db, expected);
    }
}

std::shared_ptr<Deadline> no_deadline()
{
    return std::make_shared<Deadline>(0);
}

} // namespace

START_TEST(runs_are_found)
{
    World world;
    const uint32_t windows[] = {0, 0, 2, 3, 5, 8};
    size_t hits = 0;
    for (int round = 0; round < ROUNDS; round++) {
        Words words(2 + random_below(3));
        for (uint32_t &w : words)
            w = 100 + random_below(5);
        weft_run run = {SLOT,
                        words.data(),
                        words.size(),
                        random_below(8) << 1,
                        1 + random_below(static_cast<uint32_t>(words.size()) - 1),
                        windows[random_below(6)],
                        false};
        Docids expected =
            matching([&](docid d) { return stream_holds(world.streams[d], run); });
        check_source(RunSource(run, no_deadline()), world, expected);
        hits += expected.size();
    }
    ck_assert_uint_gt(hits, ROUNDS);
}
END_TEST

START_TEST(wdf_is_told_apart)
{
    World world;
    for (unsigned wdf_min = 0; wdf_min <= 9; wdf_min++) {
        Docids expected =
            matching([&](docid d) { return world.wdf[d] > 0 && world.wdf[d] >= wdf_min; });
        check_source(WdfSource("t", wdf_min, no_deadline()), world, expected);
    }
    for (unsigned mask = 1; mask <= 7; mask++) {
        Docids expected = matching([&](docid d) { return (world.wdf[d] & mask) != 0; });
        check_source(WdfSource("t", 0, no_deadline(), mask), world, expected);
    }
    check_source(WdfSource("no such term", 1, no_deadline()), world, Docids());
}
END_TEST

// Streams are random bytes enough to stand for ids.
START_TEST(sets_are_found)
{
    World world;
    for (size_t size : {0, 1, 5, 40}) {
        std::vector<std::string> values;
        for (size_t i = 0; i < size; i++)
            values.push_back(as_bytes(world.streams[1 + random_below(DOCUMENTS)]));
        values.push_back("nobody's");
        Docids expected = matching([&](docid d) {
            const std::string value = as_bytes(world.streams[d]);
            return !value.empty() &&
                   std::find(values.begin(), values.end(), value) != values.end();
        });
        check_source(SetSource(SLOT, values, no_deadline()), world, expected);
    }
}
END_TEST

START_TEST(deadline_of_none_has_everything)
{
    World world;
    check_source(DeadlineSource(no_deadline()), world,
                 matching([](docid) { return true; }));
}
END_TEST

// A deadline that passed ends every source.
START_TEST(past_deadlines_end)
{
    World world;
    uint32_t word = 100;
    weft_run run = {SLOT, &word, 1, 2, 1, 0, false};
    RunSource a(run, std::make_shared<Deadline>(1));
    WdfSource b("t", 1, std::make_shared<Deadline>(1));
    DeadlineSource c(std::make_shared<Deadline>(1));
    ck_assert(by_next(a, world.db).empty());
    ck_assert(by_next(b, world.db).empty());
    ck_assert(by_next(c, world.db).empty());
}
END_TEST

// A stream that is no whole number of words, or empty, or begins with no mark.
START_TEST(odd_streams)
{
    Xapian::WritableDatabase db("", Xapian::DB_BACKEND_INMEMORY);
    const std::string streams[] = {as_bytes({2, 100, 101}) + "xyz",
                                   "ab",
                                   "",
                                   as_bytes({100, 101}),
                                   as_bytes({2, 100}),
                                   as_bytes({2, 100, 4, 101}),
                                   as_bytes({2, 100, 2, 101})};
    for (const std::string &s : streams) {
        Xapian::Document d;
        d.add_value(SLOT, s);
        db.add_document(d);
    }
    const Words words = {100, 101};
    for (uint32_t window : {0, 5}) {
        weft_run run = {SLOT, words.data(), 2, 4, 1, window, false};
        RunSource source(run, no_deadline());
        ck_assert(by_next(source, db) == Docids{1});
    }
}
END_TEST

// Any of some words, in the segments that count.
START_TEST(any_of_many_words)
{
    World world;
    for (int i = 0; i < 20; i++) {
        Words words;
        for (uint32_t w = 100; w < 106; w++)
            if (random_below(3) == 0)
                words.push_back(w);
        if (words.empty())
            continue;
        uint32_t segments = random_below(8) << 1;
        Docids expected = matching([&](docid d) {
            return std::any_of(words.begin(), words.end(), [&](uint32_t w) {
                weft_run one = {SLOT, &w, 1, segments, 0, 0, false};
                return stream_holds(world.streams[d], one);
            });
        });
        weft_run run = {SLOT, words.data(), words.size(), segments, 0, 0, true};
        check_source(RunSource(run, no_deadline()), world, expected);
    }
}
END_TEST

// Whatever came over a wire is an error or a source, never a crash.
START_TEST(damaged_forms_are_refused)
{
    const uint32_t words[] = {100, 101};
    weft_run run = {SLOT, words, 2, 6, 1, 3, false};
    const RunSource r(run, no_deadline());
    const WdfSource w("term", 4, no_deadline());
    for (const Xapian::PostingSource *source :
         {static_cast<const Xapian::PostingSource *>(&r),
          static_cast<const Xapian::PostingSource *>(&w)}) {
        const std::string whole = source->serialise();
        for (size_t n = 0; n < whole.size(); n++)
            try {
                delete source->unserialise(whole.substr(0, n));
                ck_abort_msg("%zu bytes of '%s'", n, whole.c_str());
            } catch (const Xapian::SerialisationError &) {
            }
        for (const char *text :
             {"-1;-1;-1;-1;-1;", "8;6;3;0;99999999999;1;2;", "99:a", "x"})
            try {
                delete source->unserialise(text);
            } catch (const Xapian::SerialisationError &) {
            }
    }
}
END_TEST

int main()
{
    TCase *t = tcase_create("sources");
    tcase_add_test(t, runs_are_found);
    tcase_add_test(t, wdf_is_told_apart);
    tcase_add_test(t, sets_are_found);
    tcase_add_test(t, deadline_of_none_has_everything);
    tcase_add_test(t, past_deadlines_end);
    tcase_add_test(t, any_of_many_words);
    tcase_add_test(t, odd_streams);
    tcase_add_test(t, damaged_forms_are_refused);
    Suite *s = suite_create("sources");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
