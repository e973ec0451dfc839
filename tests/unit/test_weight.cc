// test_weight.cc - the weight of a bag against its formula (weft/query.h), as it is and
// after it travelled.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include <check.h>
#include <xapian.h>

#include "weight.hh"

namespace
{

const weft_bag_weight usual = {40, 25, 1.5, .5, .3, .8, .8, .6, false};

// n documents with the term at the wdf given, and others without it up to 40.
Xapian::WritableDatabase documents(const std::vector<unsigned> &wdf, unsigned rest)
{
    Xapian::WritableDatabase db("", Xapian::DB_BACKEND_INMEMORY);
    for (unsigned i = 0; i < 40; i++) {
        Xapian::Document d;
        if (i < wdf.size())
            d.add_term("t", wdf[i]);
        d.add_term("other", rest);
        db.add_document(d);
    }
    return db;
}

double score(const Xapian::Database &db, const Xapian::Weight &w, const Xapian::Query &q,
             Xapian::docid wanted)
{
    Xapian::Enquire enquire(db);
    enquire.set_query(q);
    enquire.set_weighting_scheme(w);
    Xapian::MSet set = enquire.get_mset(0, 100);
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i)
        if (*i == wanted)
            return i.get_weight();
    return -1;
}

void is_near(double got, double expected, unsigned wdf)
{
    ck_assert_msg(std::fabs(got - expected) < 1e-9, "wdf %u: %.12f, not %.12f", wdf, got,
                  expected);
}

// Worked by hand from the constants above: length is wdf + 21, average 25, so
// norm = .5 (.7 + .3 (wdf + 21) / 25).
const struct {
    unsigned wdf;
    double part;
} parts[] = {
    {1, .6},                                  // parent only
    {2, .8},                                  // headline only
    {3, .8},                                  // both: the better
    {4, 1.5 * 1 / (.5 * (.7 + .3) + 1)},      // own once, average length: 1
    {5, 1.5 * 1 / (.5 * (.7 + .312) + 1)},    // and parent
    {6, 1.5 * 1 / (.5 * (.7 + .324) + 1)},    // and headline
    {8, 1.5 * 2 / (.5 * (.7 + .348) + 2)},    // own twice
    {83, 1.5 * 20 / (.5 * (.7 + 1.248) + 20)} // own 20 times, with both
};

} // namespace

START_TEST(formula)
{
    const unsigned wdf = parts[_i].wdf;
    Xapian::WritableDatabase db = documents({wdf, 4, 4}, 21);
    const double idf = std::log(1 + (40 - 3 + .5) / (3 + .5));
    const BagWeight weight(usual);
    std::unique_ptr<BagWeight> travelled(weight.unserialise(weight.serialise()));
    ck_assert(travelled->serialise() == weight.serialise());
    ck_assert(travelled->name() == weight.name());
    is_near(score(db, weight, Xapian::Query("t"), 1), idf * parts[_i].part, wdf);
    is_near(score(db, *travelled, Xapian::Query("t"), 1), idf * parts[_i].part, wdf);
    is_near(score(db, weight, Xapian::Query("t", 3), 1), 3 * idf * parts[_i].part, wdf);
}
END_TEST

// An own word of a very long bag weighs own_min at least: own 1, length 100,004 gives
// 1.5 / (.5 (.7 + 1200.048) + 1) = .0025.
START_TEST(own_word_of_a_long_bag)
{
    Xapian::WritableDatabase db = documents({4}, 100000);
    const double idf = std::log(1 + (40 - 1 + .5) / 1.5);
    is_near(score(db, BagWeight(usual), Xapian::Query("t"), 1), idf * .8, 4);
}
END_TEST

// More documents with the term than are said to have a bag: the weight stays positive.
START_TEST(counts_that_lag)
{
    weft_bag_weight few = usual;
    few.documents = 1;
    Xapian::WritableDatabase db = documents({4, 4, 4}, 21);
    is_near(score(db, BagWeight(few), Xapian::Query("t"), 1), std::log(1 + .5 / 3.5), 4);
}
END_TEST

// No document weighs more than the bound the match prunes by.
START_TEST(bound_holds)
{
    std::vector<unsigned> wdf;
    for (unsigned i = 1; i <= 40; i++)
        wdf.push_back(i * i);
    Xapian::WritableDatabase db = documents(wdf, 1);
    Xapian::Enquire enquire(db);
    enquire.set_query(Xapian::Query("t"));
    enquire.set_weighting_scheme(BagWeight(usual));
    Xapian::MSet all = enquire.get_mset(0, 100), three = enquire.get_mset(0, 3);
    ck_assert_uint_eq(all.size(), 40);
    ck_assert(all.get_max_possible() >= all.get_max_attained());
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(*all[i], *three[i]);
}
END_TEST

START_TEST(damaged_forms_are_refused)
{
    const BagWeight weight(usual);
    const std::string whole = weight.serialise();
    for (size_t n = 0; n < whole.size(); n++)
        try {
            delete weight.unserialise(whole.substr(0, n));
            ck_abort_msg("%zu bytes", n);
        } catch (const Xapian::SerialisationError &) {
        }
}
END_TEST

int main()
{
    TCase *t = tcase_create("weight");
    tcase_add_loop_test(t, formula, 0, static_cast<int>(sizeof parts / sizeof *parts));
    tcase_add_test(t, own_word_of_a_long_bag);
    tcase_add_test(t, counts_that_lag);
    tcase_add_test(t, bound_holds);
    tcase_add_test(t, damaged_forms_are_refused);
    Suite *s = suite_create("weight");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
