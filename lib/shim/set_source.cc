// set_source.cc - the other end of a relation: documents whose value is one of a set.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "pack.hh"
#include "sources.hh"

SetSource::SetSource(Xapian::valueno s, const std::vector<std::string> &v,
                     std::shared_ptr<Deadline> d)
    : slot(s), values(v.begin(), v.end()), deadline(d)
{
}

void SetSource::init(const Xapian::Database &database)
{
    db = database;
    at = db.valuestream_begin(slot);
    end = db.valuestream_end(slot);
    started = ended = false;
}

Xapian::doccount SetSource::get_termfreq_min() const
{
    return 0;
}

// As frequent as can be, so that it is asked after the terms beside it.
Xapian::doccount SetSource::get_termfreq_est() const
{
    return db.get_value_freq(slot);
}

Xapian::doccount SetSource::get_termfreq_max() const
{
    return db.get_value_freq(slot);
}

void SetSource::settle()
{
    while (at != end && !deadline->passed() && values.count(*at) == 0)
        ++at;
    ended = at == end || deadline->passed();
}

void SetSource::next(double)
{
    if (started && at != end)
        ++at;
    started = true;
    settle();
}

void SetSource::skip_to(Xapian::docid did, double)
{
    started = true;
    if (at != end)
        at.skip_to(did);
    settle();
}

// As RunSource: after a no, next() must give the first match past did.
bool SetSource::check(Xapian::docid did, double)
{
    if (at != end)
        at.skip_to(did);
    started = at != end && at.get_docid() == did;
    ended = at == end || deadline->passed();
    return ended || (started && values.count(*at) != 0);
}

bool SetSource::at_end() const
{
    return ended;
}

Xapian::docid SetSource::get_docid() const
{
    return at.get_docid();
}

SetSource *SetSource::clone() const
{
    return new SetSource(slot, std::vector<std::string>(values.begin(), values.end()),
                         deadline);
}

std::string SetSource::name() const
{
    return "weft::SetSource";
}

std::string SetSource::serialise() const
{
    std::vector<std::string> list(values.begin(), values.end());
    std::sort(list.begin(), list.end());
    Packer p;
    p.number(slot).number(deadline->at_ms).number(static_cast<int64_t>(list.size()));
    for (const std::string &v : list)
        p.bytes(v);
    return p.out;
}

SetSource *SetSource::unserialise(const std::string &s) const
{
    Unpacker u(s);
    const Xapian::valueno read_slot = static_cast<Xapian::valueno>(u.number());
    const int64_t at_ms = u.number();
    const int64_t count = u.number();
    std::vector<std::string> list;
    for (int64_t i = 0; i < count; i++)
        list.push_back(u.bytes());
    return new SetSource(read_slot, list, std::make_shared<Deadline>(at_ms));
}

std::string SetSource::get_description() const
{
    return "in(" + std::to_string(values.size()) + ")";
}
