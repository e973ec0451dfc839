// query.cc - grow a query node by node and run it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weft/query.h"

#include <memory>
#include <vector>

#include "builder.hh"
#include "guard.hh"
#include "weight.hh"

namespace
{

int builder_destroy(weft_builder **holder)
{
    delete *holder;
    return 0;
}

// Runs body, which gives the new node; a failure sticks in the builder.
template <class Body>
weft_q grow(weft_builder *b, Body body) noexcept
{
    weft_q made = WEFT_Q_NOTHING;
    if (b->failure.code != WEFT_OK)
        return made;
    weft_code code = guarded(&b->failure, "build query", [&] {
        b->nodes.push_back(body());
        made = static_cast<weft_q>(b->nodes.size() - 1);
        return WEFT_OK;
    });
    return code == WEFT_OK ? made : static_cast<weft_q>(WEFT_Q_NOTHING);
}

Xapian::Query combine(const weft_builder *b, Xapian::Query::op op, const weft_q *nodes,
                      size_t count)
{
    std::vector<Xapian::Query> parts;
    for (size_t i = 0; i < count; i++)
        parts.push_back(b->nodes[nodes[i]]);
    return Xapian::Query(op, parts.begin(), parts.end());
}

} // namespace

Xapian::Query weft_builder::until(weft_q query, int64_t deadline_ms) const
{
    deadline->at_ms = deadline_ms;
    if (deadline_ms == 0)
        return nodes[query];
    return Xapian::Query(Xapian::Query::OP_FILTER, nodes[query],
                         Xapian::Query((new DeadlineSource(deadline))->release()));
}

extern "C" weft_code weft_builder_new(void *mem, weft_reader *r, weft_builder **out,
                                      weft_error *err) noexcept
{
    return guarded(err, "build query", [&] {
        weft_builder **holder = new_array<weft_builder *>(mem, 1);
        std::unique_ptr<weft_builder> b(
            new weft_builder{r, {}, std::make_shared<Deadline>(0), {}});
        b->nodes.push_back(Xapian::Query::MatchNothing);
        b->nodes.push_back(Xapian::Query::MatchAll);
        *holder = b.release();
        talloc_set_destructor(holder, builder_destroy);
        *out = *holder;
        return WEFT_OK;
    });
}

extern "C" weft_q weft_q_term(weft_builder *b, weft_str term) noexcept
{
    return grow(b, [&] { return Xapian::Query(to_string(term)); });
}

extern "C" weft_q weft_q_and(weft_builder *b, const weft_q *nodes, size_t count) noexcept
{
    if (count == 0)
        return WEFT_Q_EVERYTHING;
    return count == 1
               ? nodes[0]
               : grow(b, [&] { return combine(b, Xapian::Query::OP_AND, nodes, count); });
}

extern "C" weft_q weft_q_or(weft_builder *b, const weft_q *nodes, size_t count) noexcept
{
    if (count == 0)
        return WEFT_Q_NOTHING;
    return count == 1
               ? nodes[0]
               : grow(b, [&] { return combine(b, Xapian::Query::OP_OR, nodes, count); });
}

extern "C" weft_q weft_q_max(weft_builder *b, const weft_q *nodes, size_t count) noexcept
{
    if (count == 0)
        return WEFT_Q_NOTHING;
    return count == 1
               ? nodes[0]
               : grow(b, [&] { return combine(b, Xapian::Query::OP_MAX, nodes, count); });
}

extern "C" weft_q weft_q_filter(weft_builder *b, weft_q scored, weft_q filter) noexcept
{
    return grow(b, [&] {
        return Xapian::Query(Xapian::Query::OP_FILTER, b->nodes[scored], b->nodes[filter]);
    });
}

extern "C" weft_q weft_q_and_not(weft_builder *b, weft_q scored, weft_q without) noexcept
{
    return grow(b, [&] {
        return Xapian::Query(Xapian::Query::OP_AND_NOT, b->nodes[scored],
                             b->nodes[without]);
    });
}

extern "C" weft_q weft_q_unscored(weft_builder *b, weft_q node) noexcept
{
    return grow(b, [&] { return Xapian::Query(0.0, b->nodes[node]); });
}

extern "C" weft_q weft_q_range(weft_builder *b, uint32_t slot, weft_str lo,
                               weft_str hi) noexcept
{
    return grow(b, [&] {
        if (hi.n == 0)
            return Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, to_string(lo));
        return Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot, to_string(lo),
                             to_string(hi));
    });
}

extern "C" weft_q weft_q_wdf_at_least(weft_builder *b, weft_str term, uint32_t wdf) noexcept
{
    return grow(b, [&] {
        return Xapian::Query((new WdfSource(to_string(term), wdf, b->deadline))->release());
    });
}

extern "C" weft_q weft_q_wdf_has(weft_builder *b, weft_str term, uint32_t bits) noexcept
{
    return grow(b, [&] {
        return Xapian::Query(
            (new WdfSource(to_string(term), 0, b->deadline, bits))->release());
    });
}

extern "C" weft_q weft_q_run(weft_builder *b, const weft_run *run) noexcept
{
    return grow(
        b, [&] { return Xapian::Query((new RunSource(*run, b->deadline))->release()); });
}

extern "C" weft_q weft_q_in_set(weft_builder *b, uint32_t slot, const weft_str *values,
                                size_t count) noexcept
{
    return grow(b, [&] {
        std::vector<std::string> list;
        for (size_t i = 0; i < count; i++)
            list.push_back(to_string(values[i]));
        return Xapian::Query((new SetSource(slot, list, b->deadline))->release());
    });
}

namespace
{

void copy_hits(const Xapian::MSet &set, void *mem, weft_match_result *out)
{
    out->hits = new_array<weft_match_hit>(mem, set.size());
    for (Xapian::MSetIterator i = set.begin(); i != set.end(); ++i)
        out->hits[out->hit_count++] = {*i, i.get_weight()};
}

void copy_threads(const Xapian::ValueCountMatchSpy &spy, void *mem, weft_match_result *out)
{
    size_t distinct = 0;
    for (Xapian::TermIterator i = spy.values_begin(); i != spy.values_end(); ++i)
        distinct++;
    out->threads = new_array<weft_match_thread>(mem, distinct);
    for (Xapian::TermIterator i = spy.values_begin(); i != spy.values_end(); ++i)
        out->threads[out->thread_count++] = {copy_to(mem, *i), i.get_termfreq()};
}

weft_match_result run(weft_builder *b, weft_q query, const weft_match_options *o, void *mem)
{
    weft_match_result result{};
    Xapian::Enquire enquire(b->reader->db);
    enquire.set_query(b->until(query, o->deadline_ms));
    enquire.set_weighting_scheme(BagWeight(o->weight));
    if (o->by_value)
        enquire.set_sort_by_value(o->order_slot, false);
    else
        enquire.set_sort_by_relevance_then_value(o->order_slot, false);
    if (o->collapse)
        enquire.set_collapse_key(o->collapse_slot);
    Xapian::ValueCountMatchSpy spy(o->thread_slot);
    enquire.add_matchspy(&spy);
    Xapian::MSet set = enquire.get_mset(o->offset, o->limit, o->count_to);
    copy_hits(set, mem, &result);
    copy_threads(spy, mem, &result);
    result.partial = b->deadline->passed();
    result.total = set.get_matches_lower_bound();
    result.exact = !result.partial && result.total == set.get_matches_upper_bound();
    return result;
}

} // namespace

extern "C" weft_code weft_match(weft_builder *b, weft_q query,
                                const weft_match_options *options, void *mem,
                                weft_match_result *out, weft_error *err) noexcept
{
    if (b->failure.code != WEFT_OK)
        return weft_fail(err, b->failure.code, "%s", b->failure.text);
    return guarded(err, "search", [&] {
        *out = run(b, query, options, mem);
        return WEFT_OK;
    });
}

extern "C" weft_code weft_match_values(weft_builder *b, weft_q query, uint32_t slot,
                                       int64_t deadline_ms, void *mem, weft_value_set *out,
                                       weft_error *err) noexcept
{
    if (b->failure.code != WEFT_OK)
        return weft_fail(err, b->failure.code, "%s", b->failure.text);
    return guarded(err, "search", [&] {
        Xapian::Enquire enquire(b->reader->db);
        enquire.set_query(b->until(query, deadline_ms));
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        Xapian::ValueCountMatchSpy spy(slot);
        enquire.add_matchspy(&spy);
        enquire.get_mset(0, 0, b->reader->db.get_doccount());
        weft_match_result counted{};
        copy_threads(spy, mem, &counted);
        *out = {new_array<weft_str>(mem, counted.thread_count), 0, b->deadline->passed()};
        for (size_t i = 0; i < counted.thread_count; i++)
            out->values[out->count++] = counted.threads[i].key;
        return WEFT_OK;
    });
}
