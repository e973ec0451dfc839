// tally.cc - how often each value of some slots stands in the documents of a match.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "builder.hh"
#include "guard.hh"

namespace
{

int64_t rounded_down(int64_t number, int64_t unit)
{
    const int64_t rest = number % unit;
    return number / unit - (rest < 0 ? 1 : 0);
}

class TallySpy : public Xapian::MatchSpy
{
  public:
    TallySpy(const weft_tally_key *k, size_t count) : keys(k, k + count), counts(count)
    {
    }

    void operator()(const Xapian::Document &doc, double) override
    {
        seen++;
        for (size_t i = 0; i < keys.size(); i++) {
            const std::string value = doc.get_value(keys[i].slot);
            int64_t number = 0;
            if (keys[i].unit == 0)
                counts[i].texts[value]++;
            else if (weft_sortable_read(weft_str_of(value.data(), value.size()), &number))
                counts[i].numbers[rounded_down(number, keys[i].unit)]++;
        }
    }

    void copy(size_t key, void *mem, weft_tally *out) const
    {
        const Counts &c = counts[key];
        *out = {new_array<weft_tally_row>(mem, c.texts.size() + c.numbers.size()), 0};
        for (const auto &[value, count] : c.texts)
            out->rows[out->count++] = {copy_to(mem, value), 0, count};
        for (const auto &[value, count] : c.numbers)
            out->rows[out->count++] = {{"", 0}, value, count};
    }

    uint32_t seen = 0;

  private:
    struct Counts {
        std::unordered_map<std::string, uint32_t> texts;
        std::unordered_map<int64_t, uint32_t> numbers;
    };
    const std::vector<weft_tally_key> keys;
    std::vector<Counts> counts;
};

} // namespace

extern "C" weft_code weft_match_tally(weft_builder *b, weft_q query,
                                      const weft_tally_options *options, void *mem,
                                      weft_tally *out, bool *exact,
                                      weft_error *err) noexcept
{
    if (b->failure.code != WEFT_OK)
        return weft_fail(err, b->failure.code, "%s", b->failure.text);
    return guarded(err, "count values", [&] {
        Xapian::Enquire enquire(b->reader->db);
        enquire.set_query(b->until(query, options->deadline_ms));
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        TallySpy spy(options->keys, options->key_count);
        enquire.add_matchspy(&spy);
        enquire.get_mset(0, 0, options->count_to);
        for (size_t i = 0; i < options->key_count; i++)
            spy.copy(i, mem, &out[i]);
        *exact = !b->deadline->passed() && spy.seen < options->count_to;
        return WEFT_OK;
    });
}
