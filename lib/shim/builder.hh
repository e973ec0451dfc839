// builder.hh - the query being grown, for the files that run it.
// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_BUILDER_HH
#define WEFT_SHIM_BUILDER_HH

#include <memory>
#include <vector>

#include <xapian.h>

#include "weft/query.h"
#include "reader.hh"
#include "sources.hh"

struct weft_builder {
    // The query cut short at the deadline.
    Xapian::Query until(weft_q query, int64_t deadline_ms) const;

    weft_reader *reader;
    std::vector<Xapian::Query> nodes;
    std::shared_ptr<Deadline>
        deadline; // sources read it; the time is set when the match starts
    weft_error failure;
};

#endif
