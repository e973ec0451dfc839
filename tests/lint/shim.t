#!/usr/bin/perl
# shim.t - the C++ island: only weft_* leaves it, and what it gives Xapian can travel to a remote shard.
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

my @wanted = qw(clone name serialise unserialise);
my (@leaks, @missing, @stuck, @unguarded);

# Weak C++ symbols (inline functions, templates, tables of virtual functions) are the compiler's, names with asan or ubsan the
# sanitizers'. Methods of a class that two files of the shim share cannot be kept in: no C can call them, and no other C++ is
# there to (layers.t).
for my $object (glob build_dir() . '/lib/shim/*.o') {
    for (`nm -g --defined-only '$object' 2>/dev/null`) {
        my ($type, $name) = /^[0-9a-f]*\s*([A-Za-z])\s+(\S+)/ or next;
        next if $type =~ /[VvWwu]/ || $name =~ /^_Z(?:NK?\d|T[VISC])/ || $name =~ /^(?:weft_|_?_asan|__odr_asan|__ubsan|DW\.ref)/;
        push @leaks, "$object: " . (`c++filt '$name'` =~ s/\n//r);
    }
}

for my $file (grep { m{^lib/shim/} } tracked(qr/\.(?:cc|hh)$/)) {
    my $code = bare_code(slurp($file));
    for my $class (class_bodies($code, qr/\b(?:Xapian::)?(?:Weight|\w*PostingSource)\b/)) {
        my ($name, undef, $body, $at) = @$class;
        my @lacks = grep { $body !~ /\b$_\s*\(/ } @wanted;
        push @missing, "$file:" . line_of($code, $at) . ": $name lacks @lacks" if @lacks;
    }
    for my $class (class_bodies($code, qr/\b(?:Xapian::)?(?:MatchDecider|KeyMaker)\b/)) {
        push @stuck, "$file:" . line_of($code, $class->[3]) . ": $class->[0]";
    }
    while ($code =~ /extern\s+"[^"]*"\s+([^{;]*?)\b(weft_\w+)\s*\([^{;]*\)([^{;]*)\{/g) {
        push @unguarded, "$file:" . line_of($code, $-[2]) . ": $2" if $3 !~ /\bnoexcept\b/;
    }
}
plan(4);
if (glob build_dir() . '/lib/shim/*.o') {
    rule('only weft_* leaves the shim, besides methods', @leaks);
} else {
    skip_rule('only weft_* leaves the shim, besides methods', 'no object of lib/shim under ' . build_dir());
}
rule("weights and posting sources have @wanted", @missing);
rule('no MatchDecider and no KeyMaker: they do not travel', @stuck);
rule('functions the shim gives to C are noexcept', @unguarded);
