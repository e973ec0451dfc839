#!/usr/bin/perl
# score.t - the measures by hand-computed values, and what the generators promise.
use strict;
use warnings;
use lib 'tests/judged';
use File::Temp ();
use JSON::PP ();
use Test::More;
use Score;

sub near { my ($got, $want, $name) = @_; cmp_ok(abs($got - $want), '<', 1e-6, $name) or diag "got $got, want $want" }

# Relevant: a (grade 1), c (2), z (1, never found). a at rank 1, c at rank 3.
my %grade = (a => 1, c => 2, z => 1, d => 0);
my @list = qw(a b c d);
near(Score::average_precision(\@list, \%grade), (1 / 1 + 2 / 3) / 3, 'average precision, the missing one counted');
near(Score::reciprocal_rank(\@list, \%grade), 1, 'reciprocal rank of the first');
near(Score::reciprocal_rank([qw(b d c)], \%grade), 1 / 3, '... at rank 3, grade 0 passed over');
near(Score::reciprocal_rank([qw(b d)], \%grade), 0, '... of nothing');
near(Score::ndcg(\@list, \%grade, 10), (1 + 2 / 2) / (2 + 1 / 1.5849625007 + 1 / 2), 'nDCG: the grade is the gain');
near(Score::ndcg(\@list, \%grade, 1), 1 / 2, 'nDCG at 1');
near(Score::ndcg(\@list, {d => 0}, 10), 0, 'nDCG without a relevant one');
near(Score::recall(\@list, \%grade, 100), 2 / 3, 'recall');
near(Score::recall(\@list, \%grade, 2), 1 / 3, 'recall at 2');
near(Score::official_ap(\@list, \%grade), (1 + 2 / 3) / 2, 'official: divided by those found');
near(Score::official_ap([('b') x 10, 'a'], \%grade), 0, 'official: cut at 10');
near(Score::average_precision([], {}), 0, 'nothing at all');

my $archive = `$^X tests/judged/archive.pl 7 60`;
is($archive, `$^X tests/judged/archive.pl 7 60`, 'an archive is the same for the same seed');
isnt($archive, `$^X tests/judged/archive.pl 8 60`, 'and another for another');
my (%record, $quoted);
for (split /\n/, $archive) {
    my $r = JSON::PP::decode_json($_);
    $record{"$r->{type}:$r->{id}"} = $r;
    $quoted++ if $r->{body} =~ /^> /;
    fail("$r->{id} answers what does not stand before it") if $r->{parent} && !$record{"comment:$r->{parent}"};
}
cmp_ok($quoted, '>', 50, 'comments quote each other');

my $file = File::Temp->new;
print {$file} $archive;
$file->flush;
my (%sets, %wrong);
for (split /\n/, `$^X tests/judged/knownitems.pl $file`) {
    my ($set, $target, $quoter, $query) = split /\t/;
    $sets{$set}++;
    my $text = lc(join ' ', $record{$target}{body}, $set eq 'article' ? $record{$target}{title} : ());
    $text =~ s/^>.*\n//;
    $wrong{$set}++ if $set eq 'quote' && index($text, $query) < 0;
    $wrong{$set}++ if $set eq 'quote' && index(lc $record{$quoter}{body}, $query) < 0;
    $wrong{$set}++ if $set eq 'control' && grep { $text !~ /\b$_\b/ } split ' ', $query;
    $wrong{$set}++ if $set eq 'headline' && 2 != grep { $text =~ /\b$_\b/ } split ' ', $query;
}
is_deeply([sort keys %sets], [qw(article control headline mostly parent quote)], 'every set has queries');
is_deeply(\%wrong, {}, 'and they hold what their rule says');
done_testing;
