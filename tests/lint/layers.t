#!/usr/bin/perl
# layers.t - who includes whom: dependencies point one way (doc/architecture.md has the picture).
use strict;
use warnings;
use lib 'tests/lint';
use Lint;

# The module of lib/ each public header belongs to; an unknown header must be given a row here.
my %module = (
    (map { $_ => 'base' } qw(error file limits log mem options str tempfile version)),
    (map { $_ => 'model' } qw(body record thread quote)),
    (map { $_ => 'text' } qw(text snippet)),
    (map { $_ => 'shim' } qw(index check reader writer query weight sources)),
    (map { $_ => 'schema' } qw(schema indexdir)),
    bulk => 'bulk', proto => 'proto',
);
# What each part may include of the public headers. A part not named here may include none.
my %may = (
    'lib/base' => 'base',
    'lib/model' => 'base model text',
    'lib/text' => 'base text',
    'lib/schema' => 'base model text schema shim',    # plain structs and constants; the last rule
    'lib/shim' => 'base shim',
    'lib/bulk' => 'base model text schema shim bulk',
    'lib/proto' => 'base proto',
    client => 'base proto',
    indexer => 'base model text schema shim bulk proto',
    searchd => 'base model text schema shim bulk proto',
);
# One file more: the guess of a language is text's, and its library C++.
my %also = ('lib/shim/cld2.cc' => 'text');
# Libraries that only some files may know: [include, file].
my @libraries = (
    [qr{^xapian(?:\.h|/)}, qr{^lib/shim/}],
    [qr{^seccomp\.h$}, qr{^searchd/sandbox\.c$}],
    [qr{^libstemmer\.h$}, qr{^lib/text/stem\.c$}],
    [qr{^event2?/|^event\.h$}, qr{^searchd/[^/]+$}],
    [qr{^jansson\.h$}, qr{^(?!lib/(?:text|shim|schema)/)|^lib/schema/indexdir\.c$}],    # weft.json
);

my (@unknown, @wrong, @private, @alien);

sub part_of { return $_[0] =~ m{^(lib/[^/]+|[^/]+)/} ? $1 : '' }

sub check_quoted {
    my ($file, $where, $path) = @_;
    my $part = part_of($file);
    if ($path =~ m{^weft/(\w+)\.h$}) {
        my $of = $module{$1};
        return push @unknown, "$where: $path has no row in tests/lint/layers.t" if !defined $of;
        push @wrong, "$where: $part may not include $path" unless grep { $_ eq $of } split ' ', ($may{$part} // '') . ' ' . ($also{$file} // '');
        return;
    }
    return if $path =~ m{(?:^|/)banned\.h$};
    my ($folder) = $file =~ m{^(.*)/};
    my ($found) = grep { -f $_ } "$folder/$path", "$part/$path", $path, "lib/base/$path";
    return push @private, "$where: \"$path\" is no file of ours" if !defined $found;
    $found =~ s{[^/]+/\.\./}{} while $found =~ m{[^/]+/\.\./};
    push @private, "$where: \"$path\" is private to " . part_of($found) if part_of($found) ne $part;
    return;
}

for my $file (grep { m{^(?:include|lib|indexer|searchd|client)/} } tracked(qr/\.(?:c|h|cc|hh)$/)) {
    my $text = slurp($file);
    my $at = 0;
    for my $line (split /\n/, $text) {
        $at++;
        next unless $line =~ /^\s*#\s*include\s+([<"])([^>"]+)[>"]/;
        my ($kind, $path) = ($1, $2);
        push @alien, map { "$file:$at: <$path>" } grep { $path =~ $_->[0] && $file !~ $_->[1] } @libraries;
        next if $kind eq '<' || $file =~ m{^include/};
        check_quoted($file, "$file:$at", $path);
    }
}
my @cpp = grep { !m{^lib/shim/|^tests/} } tracked(qr/\.(?:cc|hh|cpp|cxx)$/);

# Inside include/weft the same rule holds, by the module of the including header.
for my $file (tracked(qr{^include/weft/\w+\.h$})) {
    my ($name) = $file =~ m{(\w+)\.h$};
    my $part = 'lib/' . ($module{$name} // '');
    push @unknown, "$file has no row in tests/lint/layers.t" if !defined $module{$name};
    next if !defined $module{$name};
    check_quoted("$part/x", $file, $_) for slurp($file) =~ /^#include "(weft\/\w+\.h)"/mg;
}

# What lib/schema and lib/bulk call of lib/shim: nothing. Only the guess of a language, declared in weft/text.h, is behind
# the shim as well.
sub symbols {
    my ($how, $glob) = @_;
    my @objects = glob build_dir() . "/$glob" or return;
    return map { /^[0-9a-f]*\s*[A-Za-z]\s+(weft_\w+)/ ? $1 : () } `nm -g $how @objects 2>/dev/null`;
}
my %of_shim = map { $_ => 1 } symbols('--defined-only', 'lib/shim/*.o');
delete @of_shim{slurp('include/weft/text.h') =~ /\b(weft_\w+)\s*\(/g};
my %calls = map { $_ => 1 } grep { $of_shim{$_} } map { symbols('--undefined-only', "lib/$_/*.o") } qw(schema bulk);

plan(6);
rule('every public header belongs to a module', @unknown);
rule('public headers are included only by those who may', @wrong);
rule('private headers stay in their folder', @private);
rule('libraries stay where they belong', @alien);
rule('C++ stands only in lib/shim', @cpp);
if (%of_shim) {
    rule('lib/schema and lib/bulk call nothing of lib/shim', sort keys %calls);
} else {
    skip_rule('lib/schema and lib/bulk call nothing of lib/shim', 'no object of lib/shim under ' . build_dir());
}
