#!/usr/bin/perl
# explain.t - the query as it was understood, and parts that add up to each score, in both tiers and on every page.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Brute;
use Weft;

my $json = JSON::PP->new->utf8;
my %read = (
    'red apples OR oranges'     => '((red AND apples) OR oranges)',
    'red (apples OR -oranges)'  => '(red AND (apples OR NOT oranges))',
    'soup AND'                  => 'soup',
);
my $archive = Brute->new(7);
my $dir = Weft::index_of(split /^/, $archive->ndjson);
my @asked = sort keys %read;
my @replies = Weft::ask_pipe($dir, map { "search explain=1 -- $_" } @asked);
for my $i (0 .. $#asked) {
    is($json->decode($replies[$i])->{query}, $read{$asked[$i]}, "read: $asked[$i]");
}

my ($seen, $relaxed, $threads, $pairs, $wrong) = (0, 0, 0, 0, 0);
for my $seed (1 .. 12) {
    my $a = Brute->new($seed);
    my $d = Weft::index_of(split /^/, $a->ndjson);
    my @queries = map { join ' ', Brute::words(1 + $_ % 4) } 1 .. 20;
    for my $reply (Weft::ask_pipe($d, map { ("search explain=1 context=none limit=7 -- $_", "search explain=1 context=none offset=7 limit=90 -- $_") } @queries)) {
        for my $hit (@{$json->decode($reply)->{hits}}) {
            my $sum = 0;
            $sum += $_ for values %{$hit->{explain}};
            $wrong++ if abs($sum - $hit->{score}) > 1e-6 || keys %{$hit->{explain}} != 6;
            $seen++;
            $relaxed++ if $hit->{relaxed};
            $threads++ if $hit->{explain}{thread} > 0;
            $pairs++ if $hit->{explain}{own_pairs} > 0;
        }
    }
}
is($wrong, 0, "the parts of $seen scores add up");
cmp_ok($relaxed, '>', 50, "$relaxed of them relaxed");
cmp_ok($threads, '>', 50, "$threads with a thread that counts");
cmp_ok($pairs, '>', 5, "$pairs with neighbouring words");
my ($plain) = Weft::ask_pipe($dir, 'search -- red');
unlike($plain, qr/"explain"|"query"/, 'nothing of it without being asked');
done_testing;
