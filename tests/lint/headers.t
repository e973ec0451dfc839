#!/usr/bin/perl
# headers.t - each public header compiles alone as C11 and as C++17, each private one in its own language.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my ($cc, $cxx) = ($ENV{CC} || 'gcc', $ENV{CXX} || 'g++');
skip_all("$cc is not installed") unless have($cc) && have($cxx);
my @libraries = qw(xapian-core jansson libevent_core icu-i18n icu-uc talloc libzstd libxxhash
    libarchive libxml-2.0 yajl gmime-3.0);
my $flags = join ' ', map { `pkg-config --cflags $_ 2>/dev/null` =~ s/\s+$//r } @libraries;
$flags =~ s/-I/-isystem /g;
my $common = "-fsyntax-only -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude -Ilib/base -I. $flags";

# Nothing when the header compiles, else the compiler's first words.
sub refused {
    my ($compile, $header) = @_;
    my $out = `printf '#include "%s"\\n' '$header' | $compile $common - 2>&1`;
    return $? == 0 ? () : join("\n", "$header:", (split /\n/, $out)[0 .. 4]) =~ s/\n+$//r;
}

my @public = tracked(qr{^include/weft/.*\.h$});
my @private = grep { !m{^include/} } tracked(qr/\.h$/);
my @private_cxx = tracked(qr/\.hh$/);
local $SIG{__WARN__} = sub { };
plan(3);
rule('public and private headers stand alone in C11', map { refused("$cc -std=c11 -xc", $_) } @public, @private);
rule('public headers stand alone in C++17', map { refused("$cxx -std=c++17 -xc++", $_) } @public);
rule('headers of the shim stand alone in C++17', map { refused("$cxx -std=c++17 -xc++", $_) } @private_cxx);
