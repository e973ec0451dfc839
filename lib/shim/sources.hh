// sources.hh - posting sources: own-ness by wdf, a run of words in the stream, a deadline.
//
// Each ends (at_end) when its deadline passes, so that a match gives what it has instead of
// nothing; a shared flag says so. SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_SOURCES_HH
#define WEFT_SHIM_SOURCES_HH

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include <xapian.h>

#include "weft/query.h"

// A point in time shared by the sources of one match, and whether it passed. The clock is
// read every few steps.
class Deadline
{
  public:
    explicit Deadline(int64_t when_ms) : at_ms(when_ms)
    {
    }
    bool passed();
    int64_t at_ms;

  private:
    enum { STEPS_A_LOOK = 64 };
    unsigned steps = 0;
    bool over = false;
};

// Documents in which a term has at least a given wdf.
class WdfSource : public Xapian::PostingSource
{
  public:
    // With a mask documents whose wdf has one of its bits, else those of at least wdf_min.
    WdfSource(const std::string &term, Xapian::termcount wdf_min,
              std::shared_ptr<Deadline> deadline, Xapian::termcount mask = 0);
    Xapian::doccount get_termfreq_min() const override;
    Xapian::doccount get_termfreq_est() const override;
    Xapian::doccount get_termfreq_max() const override;
    void next(double min_wt) override;
    void skip_to(Xapian::docid did, double min_wt) override;
    bool check(Xapian::docid did, double min_wt) override;
    bool at_end() const override;
    Xapian::docid get_docid() const override;
    WdfSource *clone() const override;
    std::string name() const override;
    std::string serialise() const override;
    WdfSource *unserialise(const std::string &s) const override;
    void init(const Xapian::Database &db) override;
    std::string get_description() const override;

  private:
    void settle();
    bool fits() const;
    const std::string term;
    const Xapian::termcount wdf_min, mask;
    std::shared_ptr<Deadline> deadline;
    Xapian::Database db;
    Xapian::PostingIterator at, end;
    bool started = false, ended = false;
};

// Documents whose stream of words (a value slot) holds a run.
class RunSource : public Xapian::PostingSource
{
  public:
    RunSource(const weft_run &run, std::shared_ptr<Deadline> deadline);
    Xapian::doccount get_termfreq_min() const override;
    Xapian::doccount get_termfreq_est() const override;
    Xapian::doccount get_termfreq_max() const override;
    void next(double min_wt) override;
    void skip_to(Xapian::docid did, double min_wt) override;
    bool check(Xapian::docid did, double min_wt) override;
    bool at_end() const override;
    Xapian::docid get_docid() const override;
    RunSource *clone() const override;
    std::string name() const override;
    std::string serialise() const override;
    RunSource *unserialise(const std::string &s) const override;
    void init(const Xapian::Database &db) override;
    std::string get_description() const override;

  private:
    void settle();
    bool stands_at(const char *p, const char *stop) const;
    bool holds(const std::string &stream) const;
    const Xapian::valueno slot;
    const std::vector<uint32_t> words;
    const uint32_t segments;
    const bool any;
    const uint32_t window;
    const size_t first;
    std::shared_ptr<Deadline> deadline;
    Xapian::Database db;
    Xapian::ValueIterator at, end;
    bool started = false, ended = false;
};

// Documents whose value in a slot is one of a set.
class SetSource : public Xapian::PostingSource
{
  public:
    SetSource(Xapian::valueno slot, const std::vector<std::string> &values,
              std::shared_ptr<Deadline> deadline);
    Xapian::doccount get_termfreq_min() const override;
    Xapian::doccount get_termfreq_est() const override;
    Xapian::doccount get_termfreq_max() const override;
    void next(double min_wt) override;
    void skip_to(Xapian::docid did, double min_wt) override;
    bool check(Xapian::docid did, double min_wt) override;
    bool at_end() const override;
    Xapian::docid get_docid() const override;
    SetSource *clone() const override;
    std::string name() const override;
    std::string serialise() const override;
    SetSource *unserialise(const std::string &s) const override;
    void init(const Xapian::Database &db) override;
    std::string get_description() const override;

  private:
    void settle();
    const Xapian::valueno slot;
    const std::unordered_set<std::string> values;
    std::shared_ptr<Deadline> deadline;
    Xapian::Database db;
    Xapian::ValueIterator at, end;
    bool started = false, ended = false;
};

// Every document, until the deadline: rides along so that any query can be cut short.
class DeadlineSource : public Xapian::PostingSource
{
  public:
    explicit DeadlineSource(std::shared_ptr<Deadline> deadline);
    Xapian::doccount get_termfreq_min() const override;
    Xapian::doccount get_termfreq_est() const override;
    Xapian::doccount get_termfreq_max() const override;
    void next(double min_wt) override;
    void skip_to(Xapian::docid did, double min_wt) override;
    bool check(Xapian::docid did, double min_wt) override;
    bool at_end() const override;
    Xapian::docid get_docid() const override;
    DeadlineSource *clone() const override;
    std::string name() const override;
    std::string serialise() const override;
    DeadlineSource *unserialise(const std::string &s) const override;
    void init(const Xapian::Database &db) override;
    std::string get_description() const override;

  private:
    void move_to(Xapian::docid did);
    std::shared_ptr<Deadline> deadline;
    Xapian::doccount documents = 0;
    Xapian::docid last = 0, did = 0;
    bool ended = false;
};

#endif
