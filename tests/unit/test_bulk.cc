// test_bulk.cc - what the bulk writer makes, against the same documents by Xapian's own
// writer: equal to every reader, sound, and equal again after thousands of changes to both.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <check.h>
#include <unistd.h>
#include <xapian.h>

#include "weft/bulk.h"
#include "weft/check.h"
#include "weft/limits.h"
#include "weft/mem.h"

namespace
{

using std::string;

uint32_t random_state;

uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525 + 1013904223;
    return static_cast<uint32_t>((static_cast<uint64_t>(random_state >> 1) * n) >> 31);
}

char folder[64];
void *mem;
weft_error failure;

string path_of(const char *name)
{
    return string(folder) + "/" + name;
}

void holds(weft_code code)
{
    ck_assert_msg(code == WEFT_OK, "%s", failure.text);
}

void set_up()
{
    snprintf(folder, sizeof folder, P_tmpdir "/weft-test-bulk-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    mem = talloc_new(nullptr);
    failure = weft_error();
}

void tear_down()
{
    talloc_free(mem);
    std::filesystem::remove_all(folder);
}

struct Doc {
    uint32_t id;
    std::vector<std::pair<string, uint32_t>> terms;
    std::vector<std::pair<uint32_t, string>> values;
    string data;
};

weft_str view(const string &s)
{
    return weft_str_of(s.data(), s.size());
}

weft_code put(weft_bulk *b, const Doc &doc)
{
    std::vector<weft_term> terms;
    std::vector<weft_value> values;
    for (const auto &t : doc.terms)
        terms.push_back({view(t.first), t.second});
    for (const auto &v : doc.values)
        values.push_back({v.first, view(v.second)});
    weft_document d = {{nullptr, 0},  terms.data(),  terms.size(),
                       values.data(), values.size(), view(doc.data)};
    return weft_bulk_put(b, doc.id, &d, &failure);
}

Xapian::Document as_xapian(const Doc &doc)
{
    Xapian::Document d;
    for (const auto &t : doc.terms) {
        if (t.second == 0)
            d.add_boolean_term(t.first);
        else
            d.add_term(t.first, t.second);
    }
    for (const auto &v : doc.values)
        d.add_value(v.first, v.second);
    d.set_data(doc.data);
    return d;
}

string random_bytes(size_t n, bool with_nul)
{
    string s(n, 0);
    for (char &c : s)
        c = static_cast<char>(with_nul ? random_below(256) : 1 + random_below(255));
    return s;
}

// Few words often, many seldom; some share a long beginning, some are as long as can be.
string random_term()
{
    switch (random_below(12)) {
    case 0:
        return "XA:" + std::to_string(random_below(20000));
    case 1:
        return string(WEFT_TERM_MAX - 8, 'l') + std::to_string(random_below(1000));
    case 2:
        return random_bytes(1 + random_below(WEFT_TERM_MAX), false);
    case 3:
        return string(1, static_cast<char>('a' + random_below(26)));
    default:
        return "w" + std::to_string(random_below(1 + random_below(3000)));
    }
}

uint32_t random_wdf()
{
    static const uint32_t edges[] = {0, 1, 126, 127, 128, 16384, 100000};
    return random_below(10) == 0 ? edges[random_below(7)] : random_below(8);
}

string random_value()
{
    switch (random_below(20)) {
    case 0:
        return random_bytes(random_below(9000), true);
    case 1:
        return "";
    default:
        return random_bytes(1 + random_below(12), true);
    }
}

string random_data()
{
    static const size_t lengths[] = {0, 1, 17, 2000, 2037, 2043, 8175, 8192, 70000};
    if (random_below(40) == 0)
        return random_bytes(lengths[random_below(9)], true);
    return random_bytes(random_below(200), true);
}

Doc random_document(uint32_t id)
{
    static const uint32_t slots[] = {0, 1, 5, 127, 128, 255};
    Doc d;
    d.id = id;
    if (random_below(30) == 0)
        return d; // an empty one
    d.terms.push_back({"Q" + std::to_string(id), 0});
    if (random_below(4) > 0)
        d.terms.push_back({"T" + std::to_string(id % 7), 0});
    for (uint32_t n = random_below(60); n > 0; n--)
        d.terms.push_back({random_term(), random_wdf()});
    for (uint32_t n = random_below(7); n > 0; n--)
        d.values.push_back({slots[random_below(6)], random_value()});
    d.data = random_data();
    return d;
}

std::vector<Doc> random_documents(uint32_t count)
{
    static const uint32_t jumps[] = {1, 2, 200, 0x8000, 0x400000};
    std::vector<Doc> docs;
    uint32_t id = 0;
    for (uint32_t i = 0; i < count; i++) {
        id += random_below(50) == 0 ? jumps[random_below(5)] : 1;
        docs.push_back(random_document(id));
    }
    return docs;
}

void write_plain(const std::vector<Doc> &docs, const string &path)
{
    Xapian::WritableDatabase db(path, Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS |
                                          Xapian::DB_NO_SYNC);
    for (const Doc &d : docs)
        db.replace_document(d.id, as_xapian(d));
    db.set_metadata("key", "value");
    db.set_metadata("another", string(5000, 'm'));
    db.commit();
}

void write_bulk(const std::vector<Doc> &docs, const string &path, size_t memory)
{
    weft_bulk *b = nullptr;
    holds(weft_bulk_open(mem, path.c_str(), memory, &b, &failure));
    for (const Doc &d : docs)
        holds(put(b, d));
    holds(weft_bulk_set_metadata(b, "key", weft_str_from("old"), &failure));
    const string long_value(5000, 'm');
    holds(weft_bulk_set_metadata(b, "another", view(long_value), &failure));
    holds(weft_bulk_set_metadata(b, "key", weft_str_from("value"), &failure));
    holds(weft_bulk_set_metadata(b, "none", weft_str_from(""), &failure));
    holds(weft_bulk_finish(b, &failure));
    talloc_free(b);
}

// The same documents, in parts that have docids of their own.
void write_parts(const std::vector<Doc> &docs, const string &path, size_t count)
{
    std::vector<string> parts;
    for (size_t k = 0; k < count; k++) {
        weft_bulk *part = nullptr;
        parts.push_back(path_of(("part" + std::to_string(k)).c_str()));
        holds(weft_bulk_open_part(mem, parts[k].c_str(), 0, &part, &failure));
        const size_t first = docs.size() * k / count, end = docs.size() * (k + 1) / count;
        for (size_t i = first; i < end; i++) {
            Doc d = docs[i];
            d.id = static_cast<uint32_t>(i - first + 1);
            holds(put(part, d));
        }
        holds(weft_bulk_close_part(part, &failure));
        talloc_free(part);
    }
    weft_bulk *b = nullptr;
    holds(weft_bulk_open(mem, path.c_str(), 0, &b, &failure));
    for (const string &part : parts)
        holds(weft_bulk_adopt(b, part.c_str(), &failure));
    const string long_value(5000, 'm');
    holds(weft_bulk_set_metadata(b, "another", view(long_value), &failure));
    holds(weft_bulk_set_metadata(b, "key", weft_str_from("value"), &failure));
    holds(weft_bulk_finish(b, &failure));
    talloc_free(b);
}

// Xapian's check takes memory for each docid there may be.
void compare(const string &path, const string &other)
{
    if (Xapian::Database(path).get_lastdocid() < 100000000)
        holds(weft_index_check(path.c_str(), &failure));
    holds(weft_index_compare(path.c_str(), other.c_str(), WEFT_BULK_SLOTS, &failure));
}

void both_ways(const std::vector<Doc> &docs, size_t memory)
{
    write_plain(docs, path_of("plain"));
    write_bulk(docs, path_of("bulk"), memory);
    compare(path_of("bulk"), path_of("plain"));
}

// The same changes to both: documents added, replaced by docid and by term, deleted.
void change(Xapian::WritableDatabase *dbs, std::vector<Doc> &docs, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        const Doc &old = docs[random_below(static_cast<uint32_t>(docs.size()))];
        Doc fresh = random_document(old.id);
        const uint32_t what = random_below(4);
        for (Xapian::WritableDatabase *db = dbs; db < dbs + 2; db++) {
            if (what == 0)
                db->add_document(as_xapian(fresh));
            else if (what == 1)
                db->replace_document(old.id, as_xapian(fresh));
            else if (what == 2)
                db->replace_document("Q" + std::to_string(old.id), as_xapian(fresh));
            else
                db->delete_document("Q" + std::to_string(old.id));
        }
        if (i % 250 != 249)
            continue;
        dbs[0].commit();
        dbs[1].commit();
    }
}

void compact(const string &from, const string &to)
{
    Xapian::Database(from).compact(to, Xapian::DBCOMPACT_NO_RENUMBER);
}

} // namespace

START_TEST(the_same_as_by_xapian)
{
    random_state = static_cast<uint32_t>(_i) * 7919 + 1;
    // Every third set does not fit into memory: runs are written and merged.
    both_ways(random_documents(_i % 3 == 0 ? 2000 : 300), WEFT_BULK_MEMORY_MIN);
}
END_TEST

START_TEST(parts_make_the_same)
{
    random_state = static_cast<uint32_t>(_i) * 104729 + 1;
    std::vector<Doc> docs;
    for (uint32_t i = 1; i <= 900; i++)
        docs.push_back(random_document(i));
    for (uint32_t i = 901; _i == 3 && i <= 40000; i++) // docids of two lengths
        docs.push_back(Doc{i, {{"Q" + std::to_string(i), 0}}, {{1, "v"}}, "d"});
    if (_i == 0)
        docs.resize(2); // more parts than documents
    write_plain(docs, path_of("plain"));
    write_parts(docs, path_of("bulk"), static_cast<size_t>(_i) + 3);
    compare(path_of("bulk"), path_of("plain"));
}
END_TEST

START_TEST(no_document_and_one)
{
    std::vector<Doc> docs;
    if (_i > 0)
        docs.push_back(Doc());
    for (Doc &d : docs)
        d.id = _i == 1 ? 1 : 4000000000u;
    if (_i > 2)
        docs[0].terms.push_back({"alone", 3});
    both_ways(docs, 0);
}
END_TEST

START_TEST(long_posting_lists_span_chunks)
{
    std::vector<Doc> docs;
    for (uint32_t i = 1; i <= 30000; i++) {
        Doc d;
        d.id = i * (i % 2 == 0 ? 2 : 1) + i;
        if (!docs.empty() && d.id <= docs.back().id)
            d.id = docs.back().id + 1;
        d.terms = {{"everywhere", 1 + i % 300}, {"flag", 0}};
        if (i % 100 == 0)
            d.terms.push_back({"seldom", 1});
        d.values = {{3, std::to_string(i)}};
        docs.push_back(d);
    }
    both_ways(docs, 64 << 20);
}
END_TEST

START_TEST(the_same_after_thousands_of_changes)
{
    random_state = static_cast<uint32_t>(_i) * 104729 + 5;
    std::vector<Doc> docs = random_documents(1200);
    both_ways(docs, WEFT_BULK_MEMORY_MIN);
    {
        Xapian::WritableDatabase dbs[2] = {
            Xapian::WritableDatabase(path_of("bulk"), Xapian::DB_OPEN | Xapian::DB_NO_SYNC),
            Xapian::WritableDatabase(path_of("plain"),
                                     Xapian::DB_OPEN | Xapian::DB_NO_SYNC)};
        change(dbs, docs, 2000);
    }
    compare(path_of("bulk"), path_of("plain"));
    compact(path_of("bulk"), path_of("bulk-packed"));
    compact(path_of("plain"), path_of("plain-packed"));
    compare(path_of("bulk-packed"), path_of("plain-packed"));
}
END_TEST

START_TEST(compacting_it_changes_nothing)
{
    random_state = 77;
    both_ways(random_documents(500), 0);
    compact(path_of("bulk"), path_of("packed"));
    compare(path_of("packed"), path_of("plain"));
}
END_TEST

START_TEST(a_difference_is_seen)
{
    random_state = 3;
    std::vector<Doc> docs = random_documents(50);
    write_plain(docs, path_of("plain"));
    Doc &d = docs[25];
    if (_i == 0)
        d.terms.push_back({"one more", 0});
    else if (_i == 1)
        d.terms.push_back({"Q" + std::to_string(d.id), 1});
    else if (_i == 2)
        d.values.push_back({200, "v"});
    else if (_i == 3)
        d.data += "x";
    else
        docs.push_back(random_document(docs.back().id + 1));
    write_bulk(docs, path_of("bulk"), 0);
    ck_assert_int_eq(weft_index_compare(path_of("bulk").c_str(), path_of("plain").c_str(),
                                        WEFT_BULK_SLOTS, &failure),
                     WEFT_ECORRUPT);
}
END_TEST

int main()
{
    Suite *suite = suite_create("bulk");
    TCase *tests = tcase_create("bulk");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, the_same_as_by_xapian, 0, 24);
    tcase_add_loop_test(tests, parts_make_the_same, 0, 4);
    tcase_add_loop_test(tests, no_document_and_one, 0, 5);
    tcase_add_test(tests, long_posting_lists_span_chunks);
    tcase_add_loop_test(tests, the_same_after_thousands_of_changes, 0, 3);
    tcase_add_test(tests, compacting_it_changes_nothing);
    tcase_add_loop_test(tests, a_difference_is_seen, 0, 5);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
