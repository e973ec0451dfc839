#!/usr/bin/perl
# priors.t - what a hit gains by its date and its votes: the formula of doc/ranking.md, its bound, and an order by the sum.
#
# SEEDS=7 or SEEDS=100..200 tries others than the fixed ones.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use List::Util qw(sum0);
use Test::More;
use Brute;
use Weft;

my ($first, $last) = ($ENV{SEEDS} || '1..10') =~ /^(\d+)(?:\.\.(\d+))?$/ or die "SEEDS is N or N..M\n";
my $json = JSON::PP->new;
my (%wrong, $lifted, $seen);

sub wrong { my ($what, $why) = @_; diag($why) if $wrong{$what}++ < 3 }

sub near { return abs($_[0] - $_[1]) <= 1e-6 + 1e-4 * abs $_[1] }

# What a document gains of a score without priors; the date by a clock that may be two hours off.
sub recency_range {
    my ($o, $d, $score) = @_;
    return (0, 0) unless defined $d->{date} && $o->{recency};
    return map { $o->{recency} / 100 * $score * ($_ < 0 ? 1 : 2**(-$_ / 86400 / $o->{days})) } time + 3600 - $d->{date}, time - 7200 - $d->{date};
}

sub votes_gain {
    my ($o, $d, $score) = @_;
    my $v = $d->{score} // 0;
    return $v > 0 ? $o->{votes} / 100 * $score * $v / ($v + 10) : 0;
}

sub check_hit {
    my ($o, $d, $hit, $plain, $name) = @_;
    my %parts = %{$hit->{explain}};
    my $base  = sum0(map { $parts{$_} } grep { !/^(?:recency|votes)$/ } keys %parts);
    my ($least, $most) = recency_range($o, $d, $base);
    my $got = $parts{recency} // 0;
    wrong('recency', "$name $hit->{ref}: $got is not in $least..$most") if $got < $least - 1e-6 || $got > $most + 1e-6;
    wrong('votes', "$name $hit->{ref}: $parts{votes}") if !near($parts{votes} // 0, votes_gain($o, $d, $base));
    wrong('sum', "$name $hit->{ref}") if abs(sum0(values %parts) - $hit->{score}) > 1e-6;
    wrong('base', "$name $hit->{ref}: $base, without priors $plain->{score}") if !near($base, $plain->{score});
    wrong('bound', "$name $hit->{ref}") if $hit->{score} > $base * (1 + ($o->{recency} + $o->{votes}) / 100) + 1e-6 || $hit->{score} < $base - 1e-6;
    wrong('parts', "$name: @{[sort keys %parts]}") if exists $parts{recency} != !!$o->{recency} || exists $parts{votes} != !!$o->{votes};
    $lifted++ if $hit->{score} > $base + 1e-6;
    $seen++;
}

sub in_order {
    my ($name, @hits) = @_;
    for my $relaxed (0, 1) {
        my @scores = map { $_->{score} } grep { !!$_->{relaxed} == $relaxed } @hits;
        wrong('order', "$name: @scores") if grep { $scores[$_ - 1] < $scores[$_] } 1 .. $#scores;
    }
}

for my $seed ($first .. $last // $first) {
    my $archive = Brute->new($seed);
    # Of the last months, so that there is something to gain.
    my $shift = time - 1388534400 + 864000;
    for my $d (@{$archive->{records}}) { $d->{date} = $d->{date} + $shift if defined $d->{date} }
    my %by;
    for my $d (@{$archive->{documents}}) {
        my ($r) = grep { $_->{type} eq $d->{type} && $_->{id} eq $d->{id} } @{$archive->{records}};
        $by{$d->{ref}} = {%$d, date => $r->{date}};
    }
    my $dir = Weft::index_of(split /^/, $archive->ndjson);
    my $ask = Weft::pipe_to($dir);
    for (1 .. 8) {
        my $q = join ' ', Brute::words(1 + int rand 3);
        my %o = (recency => Brute::one_of(0, 20, 100), days => Brute::one_of(7, 30, 400), votes => Brute::one_of(0, 30, 100));
        my $keys = "recency=$o{recency} recency_days=$o{days} votes=$o{votes}";
        my $name = "seed $seed: $keys -- $q";
        my ($plain, $lifted) = map { $ask->("search limit=100 context=none explain=1 $_ -- $q") } '', $keys;
        my %plain = map { $_->{ref} => $_ } @{$plain->{hits}};
        wrong('set', $name) if join(' ', sort keys %plain) ne join ' ', sort map { $_->{ref} } @{$lifted->{hits}};
        check_hit(\%o, $by{$_->{ref}}, $_, $plain{$_->{ref}}, $name) for grep { $plain{$_->{ref}} } @{$lifted->{hits}};
        in_order($name, @{$lifted->{hits}});
        my @pages = map { @{$ask->("search limit=5 offset=$_ context=none $keys -- $q")->{hits}} } map { 5 * $_ } 0 .. 19;
        wrong('pages', $name) if join(' ', map { $_->{ref} } @pages) ne join ' ', map { $_->{ref} } @{$lifted->{hits}};
    }
    $ask->();
}
is($wrong{$_} // 0, 0, "$_ of $seen hits") for qw(set recency votes sum base bound parts order pages);
cmp_ok($lifted, '>', 100, "$lifted of them gained") if ($last // 0) - $first >= 9;

# Two equal comments: the new one first, the one with votes first, and nothing by another order.
my $dir = Weft::index_of(map { $json->encode($_) . "\n" }
    {type => 'comment', id => 'new', article => 'a', body => 'soup', date => time - 3600},
    {type => 'comment', id => 'old', article => 'b', body => 'soup', date => 1e9, score => 90});
my ($new, $voted, $oldest, $plain, $alone, $much) = Weft::replies_of($dir, 'search recency=10 -- soup', 'search votes=10 explain=1 -- soup',
    'search sort=oldest recency=10 -- soup', 'search explain=1 -- soup', 'search recency_days=9 -- soup', 'search votes=101 -- soup');
my $refs = sub { join ' ', map { $_->{ref} } @{$_[0]{hits}} };
is($refs->($new), 'comment:new comment:old', 'the newer first');
is($refs->($voted), 'comment:old comment:new', 'the one with votes first');
ok(near($voted->{hits}[0]{explain}{votes}, .09 * ($voted->{hits}[0]{score} - $voted->{hits}[0]{explain}{votes})), '... 90 votes gain nine tenths');
is($refs->($oldest), 'comment:old comment:new', 'nothing in another order');
ok(!grep({ exists $_->{explain}{recency} || exists $_->{explain}{votes} } @{$plain->{hits}}), 'no part of it unasked');
is("$alone->{error}{code} $alone->{error}{message}", "bad_request 'recency_days' goes with 'recency'", 'days alone');
is("$much->{error}{code} $much->{error}{message}", "bad_request 'votes' must be an integer from 0 to 100", 'over a hundred percent');
done_testing;
