// weight.cc - the weight of a bag of words (formula: weft/query.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "weight.hh"

#include <algorithm>
#include <cmath>

#include "pack.hh"

BagWeight::BagWeight(const weft_bag_weight &constants) : c(constants)
{
    need_stat(TERMFREQ);
    need_stat(WQF);
    need_stat(WDF);
    need_stat(WDF_MAX);
    need_stat(DOC_LENGTH);
}

BagWeight *BagWeight::clone() const
{
    return new BagWeight(c);
}

std::string BagWeight::name() const
{
    return "weft::BagWeight";
}

std::string BagWeight::serialise() const
{
    Packer p;
    p.real(c.documents).real(c.average).real(c.gain).real(c.k).real(c.b);
    return p.real(c.own_min).real(c.headline).real(c.parent).number(c.plain).out;
}

BagWeight *BagWeight::unserialise(const std::string &s) const
{
    Unpacker u(s);
    weft_bag_weight read{};
    for (double *field : {&read.documents, &read.average, &read.gain, &read.k, &read.b,
                          &read.own_min, &read.headline, &read.parent})
        *field = u.real();
    read.plain = u.number() != 0;
    return new BagWeight(read);
}

void BagWeight::init(double factor)
{
    double tf = get_termfreq();
    double n = std::max(c.documents, tf);
    idf = std::log(1 + (n - tf + .5) / (tf + .5)) * get_wqf() * factor;
}

double BagWeight::get_sumpart(Xapian::termcount wdf, Xapian::termcount length,
                              Xapian::termcount) const
{
    double own = c.plain ? wdf : wdf >> 2, best = 0;
    if (own > 0) {
        double norm = c.k * (1 - c.b + c.b * length / c.average);
        best = std::max(c.own_min, c.gain * own / (norm + own));
    }
    if (!c.plain && (wdf & 2) != 0)
        best = std::max(best, c.headline);
    if (!c.plain && (wdf & 1) != 0)
        best = std::max(best, c.parent);
    return idf * best;
}

double BagWeight::get_maxpart() const
{
    return idf * std::max({c.gain, c.own_min, c.headline, c.parent});
}

double BagWeight::get_sumextra(Xapian::termcount, Xapian::termcount) const
{
    return 0;
}

double BagWeight::get_maxextra() const
{
    return 0;
}
