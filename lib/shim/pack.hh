// pack.hh - parameters of weights and sources as text, for serialise() and unserialise().
// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_PACK_HH
#define WEFT_SHIM_PACK_HH

#include <cstdint>
#include <cstdlib>
#include <string>

#include <xapian.h>

// Numbers as decimal or hexadecimal floating text and strings with their length:
// "42;0x1.8p+0;3:abc".
class Packer
{
  public:
    Packer &number(int64_t v)
    {
        out += std::to_string(v) + ";";
        return *this;
    }
    Packer &real(double v)
    {
        char text[64];
        snprintf(text, sizeof text, "%a;", v);
        out += text;
        return *this;
    }
    Packer &bytes(const std::string &v)
    {
        out += std::to_string(v.size()) + ":" + v;
        return *this;
    }
    std::string out;
};

class Unpacker
{
  public:
    explicit Unpacker(const std::string &s) : in(s)
    {
    }
    int64_t number()
    {
        return std::strtoll(field(';').c_str(), nullptr, 10);
    }
    double real()
    {
        return std::strtod(field(';').c_str(), nullptr);
    }
    std::string bytes()
    {
        size_t n = std::strtoull(field(':').c_str(), nullptr, 10);
        if (n > in.size() - at)
            throw Xapian::SerialisationError("a string is longer than its input");
        std::string s = in.substr(at, n);
        at += n;
        return s;
    }

  private:
    std::string field(char end)
    {
        size_t stop = in.find(end, at);
        if (stop == std::string::npos)
            throw Xapian::SerialisationError("a parameter is missing");
        std::string s = in.substr(at, stop - at);
        at = stop + 1;
        return s;
    }
    const std::string in;
    size_t at = 0;
};

#endif
