// weight.hh - the weight of a bag of words: own occurrences, headline and parent flags in
// one wdf. SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_WEIGHT_HH
#define WEFT_SHIM_WEIGHT_HH

#include <xapian.h>

#include "weft/query.h"

class BagWeight : public Xapian::Weight
{
  public:
    explicit BagWeight(const weft_bag_weight &constants);
    std::string name() const override;
    std::string serialise() const override;
    BagWeight *unserialise(const std::string &s) const override;
    double get_sumpart(Xapian::termcount wdf, Xapian::termcount length,
                       Xapian::termcount distinct) const override;
    double get_maxpart() const override;
    double get_sumextra(Xapian::termcount length,
                        Xapian::termcount distinct) const override;
    double get_maxextra() const override;

  private:
    BagWeight *clone() const override;
    void init(double factor) override;
    const weft_bag_weight c;
    double idf = 0;
};

#endif
