// sources.cc - own-ness of a word and the deadline of a match, as posting sources.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources.hh"

#include <time.h>

#include "pack.hh"

static int64_t now_ms()
{
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool Deadline::passed()
{
    if (at_ms == 0 || over)
        return over;
    if (steps++ % STEPS_A_LOOK == 0)
        over = now_ms() >= at_ms;
    return over;
}

WdfSource::WdfSource(const std::string &t, Xapian::termcount w, std::shared_ptr<Deadline> d,
                     Xapian::termcount m)
    : term(t), wdf_min(w), mask(m), deadline(d)
{
}

void WdfSource::init(const Xapian::Database &database)
{
    db = database;
    at = db.postlist_begin(term);
    end = db.postlist_end(term);
    started = ended = false;
}

Xapian::doccount WdfSource::get_termfreq_min() const
{
    return 0;
}

Xapian::doccount WdfSource::get_termfreq_est() const
{
    return db.get_termfreq(term) / 2;
}

Xapian::doccount WdfSource::get_termfreq_max() const
{
    return db.get_termfreq(term);
}

bool WdfSource::fits() const
{
    return mask != 0 ? (at.get_wdf() & mask) != 0 : at.get_wdf() >= wdf_min;
}

// From the current posting on to one that qualifies.
void WdfSource::settle()
{
    while (at != end && !fits() && !deadline->passed())
        ++at;
    ended = at == end || deadline->passed();
}

void WdfSource::next(double)
{
    if (started && at != end)
        ++at;
    started = true;
    settle();
}

void WdfSource::skip_to(Xapian::docid did, double)
{
    started = true;
    if (at != end)
        at.skip_to(did);
    settle();
}

// After a no, next() must give the first match past did: when the posting already stands
// past it, next() begins there.
bool WdfSource::check(Xapian::docid did, double)
{
    if (at != end)
        at.skip_to(did);
    started = at != end && *at == did;
    ended = at == end || deadline->passed();
    return ended || (started && fits());
}

bool WdfSource::at_end() const
{
    return ended;
}

Xapian::docid WdfSource::get_docid() const
{
    return *at;
}

WdfSource *WdfSource::clone() const
{
    return new WdfSource(term, wdf_min, deadline, mask);
}

std::string WdfSource::name() const
{
    return "weft::WdfSource";
}

std::string WdfSource::serialise() const
{
    return Packer().bytes(term).number(wdf_min).number(mask).number(deadline->at_ms).out;
}

WdfSource *WdfSource::unserialise(const std::string &s) const
{
    Unpacker u(s);
    std::string t = u.bytes();
    Xapian::termcount w = static_cast<Xapian::termcount>(u.number());
    Xapian::termcount m = static_cast<Xapian::termcount>(u.number());
    return new WdfSource(t, w, std::make_shared<Deadline>(u.number()), m);
}

std::string WdfSource::get_description() const
{
    return "own(" + term + ")";
}

DeadlineSource::DeadlineSource(std::shared_ptr<Deadline> d) : deadline(d)
{
}

void DeadlineSource::init(const Xapian::Database &db)
{
    documents = db.get_doccount();
    last = db.get_lastdocid();
    did = 0;
    ended = false;
}

Xapian::doccount DeadlineSource::get_termfreq_min() const
{
    return documents;
}

Xapian::doccount DeadlineSource::get_termfreq_est() const
{
    return documents;
}

Xapian::doccount DeadlineSource::get_termfreq_max() const
{
    return documents;
}

void DeadlineSource::move_to(Xapian::docid to)
{
    if (to > did)
        did = to;
    ended = did > last || deadline->passed();
}

void DeadlineSource::next(double)
{
    move_to(did + 1);
}

void DeadlineSource::skip_to(Xapian::docid to, double)
{
    move_to(to);
}

bool DeadlineSource::check(Xapian::docid to, double)
{
    move_to(to);
    return true;
}

bool DeadlineSource::at_end() const
{
    return ended;
}

Xapian::docid DeadlineSource::get_docid() const
{
    return did;
}

DeadlineSource *DeadlineSource::clone() const
{
    return new DeadlineSource(deadline);
}

std::string DeadlineSource::name() const
{
    return "weft::DeadlineSource";
}

std::string DeadlineSource::serialise() const
{
    return Packer().number(deadline->at_ms).out;
}

DeadlineSource *DeadlineSource::unserialise(const std::string &s) const
{
    return new DeadlineSource(std::make_shared<Deadline>(Unpacker(s).number()));
}

std::string DeadlineSource::get_description() const
{
    return "deadline";
}
