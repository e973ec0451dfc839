#!/usr/bin/perl
# exports.t - what other programs write: control characters, what is deleted or spam, replies before what they answer.
use strict;
use warnings;
use utf8;
use lib 'tests/cases';
use POSIX ();
use Test::More;
use Cases;

# A twenty-fifth of it, in a twelfth of the memory: neither grows with the other.
given('017', sub {
    my ($case) = @_;
    plan skip_all => 'built with a sanitizer' if `ldd $Cases::B/weft-indexer 2>/dev/null` =~ /libasan/;
    my $x = Cases->new;
    (my $generator = case_bytes($case, 'gen.py')) =~ s/range\(2000\)/range(80)/ or die 'another generator';
    my $script = $x->file($generator, 'gen.py');
    plan skip_all => 'no python3 to generate the input with'
        if system('sh', '-c', 'command -v python3 >/dev/null && cd "$1" && python3 gen.py', 'sh', $x->{dir});
    cmp_ok(-s "$x->{dir}/big.xml", '>', 40_000_000, 'an export of 40 MB');
    my $run = run_program('sh', '-c', 'ulimit -v 80000; "$0" convert "$1" | sort -u | wc -l', Cwd::abs_path("$Cases::B/weft-indexer"), "$x->{dir}/big.xml");
    is($run->{out} + 0, 40_080, 'read in less than 80 MB, libraries included');
});

given('063', sub {
    my ($dir) = generated(@_);
    my $x = Cases->new;
    my $run = $x->build("$dir/in.xml");
    is($run->{status}, 0, 'built');
    is($x->found('fathom'), '31 32 33', 'the comment with U+0007, and those around it');
    is($x->found('"bell fathom"'), '32', 'a space stands in its place');
    like($run->{err}, qr/^weft-indexer: 1 records? had /m, 'one record is counted');
});

given('091', sub {
    my $x = Cases->new;
    is($x->build("$Cases::SHARED/091/in.xml")->{status}, 0, 'built');
    is($x->found($_), '', "$_ is nowhere") for qw(kelpword spamword);
    is($x->found('sternpost'), '3', 'the reply is found');
    my $hit = $x->ask({cmd => 'search', q => 'sternpost'})->{hits}[0];
    is($hit->{ancestors}[0]{ref}, 'comment:2', 'under the place of what was deleted');
    ok($hit->{ancestors}[0]{removed} && !grep({ exists $hit->{ancestors}[0]{$_} } qw(text author date)), '... shown as removed');
    unlike($Cases::JSON->encode($x->ask({cmd => 'thread', ref => 'article:10'})), qr/kelpword|spamword/, 'the thread shows neither');
});

given('097', sub {
    my $x = Cases->new;
    is($x->build("$Cases::SHARED/097/in.xml")->{status}, 0, 'built');
    my $hit = $x->ask({cmd => 'search', q => '"reply capstan"'})->{hits}[0];
    is($hit->{ref}, 'comment:22', 'the reply that came first');
    is($hit->{ancestors}[0]{ref}, 'comment:21', '... stands under its parent');
    is($x->stats->{orphans}, 0, 'no orphans');
});

done_testing();
