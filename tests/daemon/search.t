#!/usr/bin/perl
# search.t - the keys of search and count with their limits, totals, pages, the soft deadline.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Weft;

my $json = JSON::PP->new->utf8->canonical;

sub record { return $json->encode({@_}) . "\n" }
sub article { return record(type => 'article', @_) }
sub comment { return record(type => 'comment', @_) }
sub refs { return join ' ', map { $_->{ref} =~ s/.*://r } @{$_[0]{hits}} }

# --- every key at its limit and past it ---

my $small = Weft::index_of(
    article(id => 'a1', title => 'Harbour soup', date => '2013-05-01'),
    comment(id => 'c1', article => 'a1', body => 'Soup before midnight', date => '2013-05-02T21:59:59Z', score => 3),
    comment(id => 'c2', article => 'a1', body => 'Soup at midnight in Berlin', date => '2013-05-02T22:00:00Z', score => 7),
    comment(id => 'c3', article => 'a1', body => 'Soup at midnight in London', date => '2013-05-03T00:00:00Z'),
    comment(id => 'c4', article => 'a1', body => 'Bread', score => -2));
my %q = (q => 'soup');
my $long = 'x' x 1024;
my @keys = (    # command, keys, 'ok' or the code, and what the message says
    ['search', {%q}, 'ok'],
    ['search', {}, 'bad_request', qr/'q' is missing/],
    ['search', {q => 7}, 'bad_request', qr/'q' must be a string/],
    ['search', {q => ''}, 'ok'],
    ['search', {q => $long}, 'ok'],
    ['search', {q => "${long}x"}, 'limit', qr/1024 bytes/],
    ['search', {q => 'x ' x 64}, 'ok'],
    ['search', {q => 'x ' x 65}, 'limit', qr/64 clauses/],
    ['search', {q => join ' ', 'a-b', ('x') x 62}, 'ok'],
    ['search', {q => join ' ', 'a-b', ('x') x 63}, 'ok'],     # a is a stop word: 64 are left
    ['search', {q => join ' ', 'x-y', ('x') x 63}, 'limit', qr/64 words/],
    ['search', {q => '(' x 16 . 'x' . ')' x 16}, 'ok'],
    ['search', {q => '(' x 17 . 'x' . ')' x 17}, 'limit', qr/16 deep/],
    ['search', {q => '"' . 'x ' x 32 . '"'}, 'ok'],
    ['search', {q => '"' . 'x ' x 33 . '"'}, 'limit', qr/32 words/],
    ['search', {q => 'soup date:2014..2013'}, 'bad_query', qr/ends before it begins/],
    ['search', {%q, limit => 1}, 'ok'],
    ['search', {%q, limit => 100}, 'ok'],
    ['search', {%q, limit => 0}, 'bad_request', qr/'limit' must be an integer from 1 to 100/],
    ['search', {%q, limit => 101}, 'bad_request', qr/'limit'/],
    ['search', {%q, limit => '5'}, 'bad_request', qr/'limit'/],
    ['search', {%q, limit => 1.5}, 'bad_request', qr/'limit'/],
    ['search', {%q, offset => 0}, 'ok'],
    ['search', {%q, offset => -1}, 'bad_request', qr/'offset'/],
    ['search', {%q, offset => 9990}, 'ok'],
    ['search', {%q, offset => 9991}, 'limit', qr/10000/],
    ['search', {%q, offset => 9900, limit => 100}, 'ok'],
    ['search', {%q, offset => 9901, limit => 100}, 'limit', qr/10000/],
    ['search', {%q, offset => 10001}, 'bad_request', qr/'offset'/],
    ['search', {%q, snippet => 1}, 'ok'],
    ['search', {%q, snippet => 0}, 'bad_request', qr/'snippet'/],
    ['search', {%q, snippet => 2000}, 'ok'],
    ['search', {%q, snippet => 2001}, 'bad_request', qr/'snippet'/],
    ['search', {%q, timeout_ms => 1}, 'ok'],
    ['search', {%q, timeout_ms => 500}, 'ok'],
    ['search', {%q, timeout_ms => 0}, 'bad_request', qr/'timeout_ms'/],
    ['search', {%q, timeout_ms => 501}, 'bad_request', qr/'timeout_ms'/],
    (map { my $w = $_; ['search', {%q, sort => $w}, 'ok'] } qw(score newest oldest votes replies)),
    ['search', {%q, sort => 'Newest'}, 'bad_request', qr/'sort' must be one of score, newest, oldest, votes, replies/],
    (map { my $w = $_; ['search', {%q, context => $w}, 'ok'] } qw(full line none)),
    ['search', {%q, context => 'some'}, 'bad_request', qr/'context' must be one of full, line, none/],
    ['search', {%q, totals => 'exact'}, 'ok'],
    ['search', {%q, totals => 1}, 'bad_request', qr/'totals'/],
    ['search', {%q, type => 'stub'}, 'bad_request', qr/'type' must be one of article, comment/],
    ['search', {%q, tz => 'Europe/Berlin'}, 'ok'],
    ['search', {%q, tz => ''}, 'bad_request', qr/'tz'/],
    ['search', {%q, tz => 'Mars/Olympus'}, 'bad_query', qr/no time zone 'Mars\/Olympus'/],
    ['search', {%q, tz => 'x' x 63}, 'bad_query', qr/no time zone/],
    ['search', {%q, tz => 'x' x 64}, 'limit', qr/'tz'/],
    ['search', {%q, colour => 'red'}, 'bad_request', qr/unknown key 'colour'/],
    ['search', {%q, Q => 'x'}, 'bad_request', qr/unknown key 'Q'/],
    ['count', {%q, type => 'article', totals => 'exact', tz => 'UTC', timeout_ms => 500}, 'ok'],
    ['count', {}, 'bad_request', qr/'q' is missing/],
    ['count', {%q, limit => 5}, 'bad_request', qr/unknown key 'limit'/],
    ['count', {%q, sort => 'newest'}, 'bad_request', qr/unknown key 'sort'/]);
my @replies = Weft::replies_of($small, map { {cmd => $_->[0], %{$_->[1]}, id => 9} } @keys);
for my $i (0 .. $#keys) {
    my ($cmd, $keys, $code, $message) = @{$keys[$i]};
    my $shown = substr "$cmd " . $json->encode($keys), 0, 60;
    is($replies[$i]{id} . ' ' . ($replies[$i]{ok} ? 'ok' : $replies[$i]{error}{code}), "9 $code", $shown);
    like($replies[$i]{error}{message}, $message, '... and says why') if $message;
}
my @lines = (
    ['search limit=100 -- soup', 'ok'], ['search limit=101 -- soup', 'bad_request'], ['search limit=ten -- soup', 'bad_request'],
    ['search limit=1 limit=1 -- soup', 'bad_request'], ['search q=soup -- soup', 'bad_request'], ['search q=soup', 'ok'],
    ['search sort= -- soup', 'bad_request'], ['{"cmd":"search","q":"soup","q":"soup"}', 'bad_request']);
@replies = Weft::replies_of($small, map { $_->[0] } @lines);
is($replies[$_]{ok} ? 'ok' : $replies[$_]{error}{code}, $lines[$_][1], $lines[$_][0]) for 0 .. $#lines;
is_deeply([map { $_->{error}{at} } Weft::replies_of($small, {cmd => 'search', q => 'soup so*'})], [5], 'an error in the query has its place');

# --- what the keys do ---

my @found = (    # c4 is relaxed: soup is the headline's word
    ['search sort=oldest -- soup', 'a1 c1 c2 c3 c4'],
    ['search sort=newest -- soup', 'c3 c2 c1 a1 c4'],
    ['search sort=votes -- soup OR bread', 'c2 c1 c4 c3 a1'],
    ['search sort=oldest type=article -- soup', 'a1'],
    ['search sort=oldest type=comment -- soup', 'c1 c2 c3 c4'],
    ['search sort=oldest -- date:2013-05-02', 'c1 c2'],
    ['search sort=oldest tz=Europe/Berlin -- date:2013-05-02', 'c1'],
    ['search sort=oldest tz=Europe/Berlin -- date:2013-05-03', 'c2 c3'],
    ['search sort=oldest tz=America/New_York -- date:2013-05-02', 'c1 c2 c3'],
    ['search sort=oldest tz=Europe/Berlin -- after:2013-05-03', 'c2 c3'],
    ['search sort=oldest tz=Europe/Berlin -- before:2013-05-03', 'a1 c1'],
    ['search sort=oldest tz=Europe/Berlin -- after:2013-05-03T00:00:00Z', 'c3'],
    ['search sort=oldest limit=2 -- soup', 'a1 c1'],
    ['search sort=oldest limit=2 offset=2 -- soup', 'c2 c3'],
    ['search sort=oldest limit=2 offset=3 -- soup', 'c3 c4'],
    ['search sort=oldest limit=2 offset=5 -- soup', '']);
@replies = Weft::replies_of($small, map { $_->[0] } @found);
is(refs($replies[$_]), $found[$_][1], $found[$_][0]) for 0 .. $#found;
@replies = Weft::replies_of($small, 'count -- soup', 'count type=article -- soup', 'count -- bread -soup', 'search limit=3 -- soup', 'search limit=4 -- soup');
is_deeply([map { @{$_->{total}}{qw(hits threads relaxed)} } @replies], [4, 1, 0, 1, 1, 0, 1, 1, 0, 4, 1, 0, 4, 1, 1],
    'count counts the hits; relaxed ones are not looked for while the first tier goes on');
ok(!exists $replies[0]{hits}, 'count gives no hits');

# --- totals: 1,500 equal comments, thread 3 behind the first thousand ---

my $many = Weft::index_of(
    (map { article(id => "a$_", title => "Number $_", date => 1367000000) } 1 .. 3),
    map { comment(id => sprintf('c%04d', $_), article => 'a' . ($_ <= 700 ? 1 : $_ <= 1400 ? 2 : 3), date => 1367000000 + $_,
        body => 'soup' . ($_ <= 1000 ? ' thousand' : '') . ($_ <= 1001 ? ' morsel' : ''), score => $_) } 1 .. 1500);
for my $q ('soup', 'soup -bread', 'soup OR bread', 'is:comment', 'score:..1500', 'type', '"soup" OR score:1200..') {
    my $query = $q eq 'type' ? 'soup OR title:number' : $q;
    my $type = $q eq 'type' ? ' type=comment' : '';
    my ($bounded, $exact, $count) = map { $_->{total} } Weft::replies_of($many, "search$type limit=1 -- $query",
        "search$type totals=exact limit=1 -- $query", "count$type totals=exact -- $query");
    is_deeply([@$exact{qw(hits threads exact)}], [1500, 3, JSON::PP::true], "totals=exact: $q");
    is_deeply($count, $exact, '... and by count');
    cmp_ok($bounded->{hits}, '>', 1000, '... without it over 1,000');
    ok($bounded->{exact} ? $bounded->{hits} == 1500 && $bounded->{threads} == 3
        : $bounded->{hits} <= 1500 && $bounded->{threads} <= 3, '... and exact only when it is')
        or diag($json->encode($bounded));
}
@replies = Weft::replies_of($many, map { "search limit=1 -- $_" } 'thousand', 'score:..1000', 'morsel', 'thousand -bread');
is_deeply([map { @{$_->{total}}{qw(hits threads exact)} } @replies[0, 1, 3]], [(1000, 2, JSON::PP::true) x 3],
    'totals are exact to 1,000');
cmp_ok($replies[2]{total}{hits}, '==', 1001, '... and beyond it over 1,000');

# --- pages: every hit once, in one order, also across the border of the tiers ---

my $tiers = Weft::index_of(
    (map { article(id => "a$_", title => "Story $_") } 1 .. 4),
    map { comment(id => "c$_", article => 'a' . (1 + $_ % 4), score => $_ % 5, $_ % 3 ? (date => 1367000000 + $_ % 11) : (),
        body => join ' ', ($_ % 2 ? 'soup' : ()), ($_ % 3 ? 'ladle' : ()), ('padding') x ($_ % 4)) } 1 .. 83);
for my $sort (qw(score newest oldest votes replies)) {
    my ($whole) = Weft::replies_of($tiers, "search limit=100 sort=$sort -- soup ladle");
    my $total = $whole->{total};
    # Odd and no multiple of 3: 28 have both; multiples of 6: 13 have neither.
    is_deeply([@$total{qw(hits relaxed)}], [28, 42], "totals of both tiers, by $sort");
    is(join('', map { $_->{relaxed} ? 1 : 0 } @{$whole->{hits}}), '0' x 28 . '1' x 42, '... the first before the relaxed');
    for my $size (1, 7, 10) {
        my @pages = Weft::replies_of($tiers, map { "search limit=$size offset=" . $_ * $size . " sort=$sort -- soup ladle" } 0 .. 70 / $size);
        is(join(' ', grep { length } map { refs($_) } @pages), refs($whole), "... in pages of $size");
    }
}

# --- the soft deadline: words that stand everywhere, never beside themselves ---

my $common = Weft::index_of(article(id => 'a1', title => 'Long'),
    map { comment(id => "c$_", article => 'a1', body => 'soup ladle ' x 1000) } 1 .. 3000);
my ($slow, $quick) = Weft::replies_of($common, 'search timeout_ms=1 totals=exact -- "soup soup" OR "ladle soup ladle ladle"',
    'search limit=1 -- id:c7');
ok($slow->{ok} && $slow->{partial} && !$slow->{total}{exact}, 'past its deadline an answer is partial, its totals not exact')
    or diag($json->encode($slow));
ok($quick->{ok} && !$quick->{partial} && $quick->{total}{exact} && @{$quick->{hits}} == 1, '... and the next one whole');
done_testing;
