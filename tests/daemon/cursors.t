#!/usr/bin/perl
# cursors.t - from page to page by cursor: the whole list in pages of any size, and what is left of it while others write.
#
# SEEDS=7 or SEEDS=100..200 tries others than the fixed ones.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use List::Util qw(shuffle);
use POSIX ();
use Test::More;
use Brute;
use Weft;

$ENV{TZ} = 'UTC';
POSIX::tzset();
my ($first, $last) = ($ENV{SEEDS} || '1..10') =~ /^(\d+)(?:\.\.(\d+))?$/ or die "SEEDS is N or N..M\n";
my $QUERIES = 14;
my $json    = JSON::PP->new->canonical;
my @SORTS   = qw(score newest oldest votes replies);

my %wrong;

sub check {
    my ($what, $seed, $asked, $got, $want) = @_;
    diag("seed $seed: $asked\nexpected @$want\nfound    @$got") if "@$got" ne "@$want" && $wrong{$what}++ < 3;
}

# Pages of a request until there is no next one, of at most $size hits; $between runs before every page but the first.
sub walk {
    my ($ask, $keys, $query, $size, $between) = @_;
    my ($cursor, @pages);
    while (@pages < 200) {
        my $reply = $ask->("search $keys limit=$size context=none snippet=1 " . (defined $cursor ? "cursor=$cursor " : '') . "-- $query");
        $reply->{ok} or die "$keys -- $query: $json->{error}{message}\n";
        push @pages, $reply;
        $cursor = $reply->{next} // return @pages;
        $between->(scalar @pages) if $between;
    }
    die "no end: $keys -- $query\n";
}

sub refs { return map { $_->{ref} } map { @{$_->{hits}} } @_ }

# Without changes: the pages are the list, by every order, flat and in groups, and none is empty but that of an empty answer.
sub try_still {
    my ($seed, $ask, @queries) = @_;
    for my $q (@queries) {
        my ($sort, $size) = (Brute::one_of(@SORTS, 'score'), 1 + int rand 7);
        my $keys = "sort=$sort" . Brute::one_of('', '', ' group=thread', ' group=author', ' group=author group_hits=2', ' type=comment');
        my $whole = $ask->("search $keys limit=" . ($keys =~ /hits=2/ ? 50 : 100) . " context=none snippet=1 -- $q->{text}");
        my @pages = walk($ask, $keys, $q->{text}, $size);
        check('walks', $seed, "$keys limit=$size -- $q->{text}", [refs(@pages)], [refs($whole)]);
        check('totals', $seed, "$keys limit=$size -- $q->{text}", [grep { $_ ne $json->encode({%{$whole->{total}}, relaxed => 0}) }
            map { $json->encode({%{$_->{total}}, relaxed => 0}) } @pages], []);
        check('ends', $seed, "$keys limit=$size -- $q->{text}", [scalar grep { !@{$_->{hits}} || $_->{moved} } @pages], [@{$whole->{hits}} ? 0 : 1]);
    }
}

# A thread written anew between two pages: other texts, dates and votes, comments that come and go.
sub rewrite {
    my ($archive, $article) = @_;
    my @lines;
    for my $r (grep { ($_->{article} // $_->{id}) eq $article } @{$archive->{records}}) {
        my %new = %$r;
        next if Brute::chance(.5);
        $new{body} = (Brute::random_body(1))[0];
        $new{date} = Brute::random_date() // delete $new{date};
        $new{score} = int rand 30;
        $new{status} = Brute::one_of('hidden', 'public') if Brute::chance(.3);
        push @lines, $json->encode({map { $_ => $new{$_} } grep { defined $new{$_} } keys %new}) . "\n";
    }
    push @lines, $json->encode({type => 'comment', id => 'new' . int rand 1e6, article => Brute::one_of($article, 'elsewhere'),
        body => join(' ', Brute::words(5)), date => Brute::random_date() // 0, score => int rand 30}) . "\n";
    return @lines;
}

# By a value, documents of the other threads come once each and in order, whatever is written to one thread between the pages.
# By score no page repeats a hit of the one before, and the first page after a change says so.
sub try_moving {
    my ($seed, $archive, $dir, $ask, $q) = @_;
    my %article = map { ($_->{ref} => $_->{article}) } @{$archive->{documents}};
    my $touched = Brute::one_of(sort values %article) // return;
    my ($sort, $size, $adds) = (Brute::one_of(@SORTS), 1 + int rand 4, 0);
    my @still = grep { ($article{$_} // $touched) ne $touched } refs($ask->("search sort=$sort limit=100 context=none snippet=1 -- $q->{text}"));
    my @moved = (0);
    my @pages = walk($ask, "sort=$sort", $q->{text}, $size, sub {
        my $is_add = $adds < 3 && Brute::chance(.6) && ++$adds;
        push @moved, $is_add;
        Weft::add_to($dir, rewrite($archive, $touched)) if $is_add;
    });
    my $name = "sort=$sort limit=$size, $adds additions to $touched -- $q->{text}";
    return check('moving', $seed, $name, [grep { ($article{$_} // $touched) ne $touched } refs(@pages)], \@still) if $sort ne 'score';
    for my $i (1 .. $#pages) {
        my %before = map { $_ => 1 } refs($pages[$i - 1]);
        check('repeats', $seed, $name, [grep { $before{$_} } refs($pages[$i])], []);
        check('moved', $seed, $name, [$pages[$i]{moved} ? 1 : 0], [$moved[$i] ? 1 : 0]);
    }
}

sub try_archive {
    my ($seed) = @_;
    my $archive = Brute->new($seed);
    my $dir     = Weft::index_in_parts($seed, split /^/, $archive->ndjson);
    my $ask     = Weft::pipe_to($dir);
    my @queries = map { $archive->query } 1 .. $QUERIES;
    try_still($seed, $ask, @queries);
    try_moving($seed, $archive, $dir, $ask, Brute::chance(.5) ? {text => join ' OR ', Brute::words(3)} : $_) for @queries[0 .. 3];
    $ask->();
}

try_archive($_) for $first .. $last // $first;
my $tried = ($last // $first) - $first + 1;
is($wrong{$_} // 0, 0, "$_: $tried archives") for qw(walks totals ends moving repeats moved);

# --- conversations enough that some stand out, and their hits among those of the first tier ---

srand 7;
my $many = Weft::index_of(map { my $t = $_; map { $json->encode($_) . "\n" }
    {type => 'article', id => "m$t", title => join(' ', Brute::words(3)), body => join(' ', Brute::words(6))},
    map { {type => 'comment', id => "m$t-$_", article => "m$t", body => join(' ', Brute::words(4)), date => 1e9 + int rand 1e6} } 1 .. 2 } 1 .. 130);
my $asker = Weft::pipe_to($many);
my $joined = 0;
for (1 .. 8) {
    my $q = join ' ', Brute::words(4);
    my @flat = map { @{$_->{hits}} } map { $asker->("search limit=100 offset=$_ context=none snippet=1 -- $q") } 0, 100, 200, 300;
    my $first = (grep { $flat[$_]{relaxed} } 0 .. $#flat)[0] // @flat;
    $joined++ if grep { !$flat[$_]{relaxed} } $first .. $#flat;
    my $size = 11 + int rand 20;
    is(join(' ', refs(walk($asker, 'sort=score', $q, $size))), join(' ', map { $_->{ref} } @flat), "$q: pages of $size");
    my %once;
    my @threads = grep { !$once{$_}++ } map { $_->{ref} =~ /(m\d+)/ } @flat;
    is(join(' ', map { /(m\d+)/ } refs(walk($asker, 'group=thread', $q, $size))), "@threads", "$q: in threads");
}
cmp_ok($joined, '>', 0, 'relaxed hits stand among others');
$asker->();

# --- by score, on an index that changes: in the order as the reader saw it ---

sub soup { my ($id, $times, %more) = @_; return $json->encode({type => 'comment', id => $id, article => 'a', body => 'soup ' x $times . 'x ' x (20 - $times), %more}) . "\n" }

# Twelve hits, c12 first: the more soup, the better.
sub fresh {
    my $dir = Weft::index_of(map { soup("c$_", $_) } 1 .. 12);
    my $ask = Weft::pipe_to($dir);
    my $page = $ask->('search limit=4 -- soup');
    return ($dir, $ask, "search limit=4 cursor=$page->{next} -- soup", join(' ', refs($page)));
}

my @CHANGES = (
    ['nothing of it', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { $json->encode({type => 'comment', id => 'z', article => 'b', body => 'gravy'}) . "\n" }],
    ['a better hit', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { soup('z', 15) }],
    ['a hit in between', 'comment:c8 comment:c7 comment:z comment:c6', sub { soup('z', 7, date => 1) }],    # after c7: dated, but see below
    ['the last hit is gone', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { soup('c9', 9, status => 'deleted') }],
    ['the last hit is another', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { soup('c9', 1) }],
    ['the last hit is the best', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { soup('c9', 18) }],
    ['all that was shown is worst', 'comment:c8 comment:c7 comment:c6 comment:c5', sub { map { soup("c$_", 1) } 9 .. 12 }],
);
for my $change (@CHANGES) {
    my ($name, $want, $lines) = @$change;
    my ($dir, $ask, $next, $shown) = fresh();
    Weft::add_to($dir, $lines->());
    my $page = $ask->($next);
    my $got = join ' ', refs($page);
    if ($name eq 'a hit in between') {    # of one score with c7, and dated: before it
        $want = 'comment:c8 comment:z comment:c7 comment:c6';
    }
    is("$shown | $got", "comment:c12 comment:c11 comment:c10 comment:c9 | $want", "$name: the page goes on");
    ok($page->{moved}, '... and says that the index changed');
    $ask->();
}

# --- cursors that are none ---

my ($dir, $ask, $next) = fresh();
my ($cursor) = $next =~ /cursor=(\S+)/;
my $by_value = $ask->('search sort=newest limit=4 -- soup')->{next};
my $damaged = $cursor =~ s/^(.{20})(.)/$1 . ($2 eq 'A' ? 'B' : 'A')/er;
my %REFUSED = (
    "cursor=$cursor -- stew"             => 'the cursor is of another query, or of one with other keys',
    "sort=newest cursor=$cursor -- soup" => 'the cursor is of another query, or of one with other keys',
    "cursor=$by_value -- soup"           => 'the cursor is of another query, or of one with other keys',
    "type=comment cursor=$cursor -- soup" => 'the cursor is of another query, or of one with other keys',
    "group=thread cursor=$cursor -- soup" => 'the cursor is of another query, or of one with other keys',
    "cursor=$cursor offset=0 -- soup"    => q('offset' does not go with 'cursor'),
    'cursor=' . substr($cursor, 0, -1) . ' -- soup' => q('cursor' is damaged: give it as it came),
    "cursor=${cursor}A -- soup"          => q('cursor' is damaged: give it as it came),
    "cursor=$damaged -- soup"            => q('cursor' is damaged: give it as it came),
    'cursor=A -- soup'                   => q('cursor' is damaged: give it as it came),
    'cursor=*** -- soup'                 => q('cursor' is damaged: give it as it came),
    'cursor=' . 'A' x 2048 . ' -- soup'  => q('cursor' is damaged: give it as it came),
);
for my $request (sort keys %REFUSED) {
    my $error = $ask->("search $request")->{error};
    is("$error->{code}: $error->{message}", "bad_request: $REFUSED{$request}", 'refused: ' . substr $request, 0, 60);
}
is($ask->('search cursor=' . 'A' x 2049 . ' -- soup')->{error}{code}, 'limit', 'a cursor over 2,048 bytes');
is(join(' ', refs($ask->("search limit=2 explain=1 context=line snippet=9 facets=author timeout_ms=400 cursor=$cursor -- soup"))),
    'comment:c8 comment:c7', 'what does not order hits may be another');
$ask->();

# --- the window, and past it ---

$dir = Weft::index_of(map { $json->encode({type => 'comment', id => "c$_", article => 'a', body => 'soup', date => $_}) . "\n" } 1 .. 10_020);
$ask = Weft::pipe_to($dir);
my $page = $ask->('search offset=9900 limit=60 context=none -- soup');
my $end  = $ask->("search limit=60 context=none cursor=$page->{next} -- soup");
is(join(' ', scalar @{$end->{hits}}, $end->{hits}[-1]{ref}, exists $end->{next} ? 'more' : 'end'), '40 comment:c21 end', 'by score a walk ends at the window');
$page = $ask->('search sort=newest offset=9900 limit=100 context=none -- soup');
$end  = $ask->("search sort=newest limit=60 context=none cursor=$page->{next} -- soup");
is(join(' ', scalar @{$end->{hits}}, $end->{hits}[-1]{ref}, exists $end->{next} ? 'more' : 'end'), '20 comment:c1 end', 'by date it goes on past it');
$ask->();
done_testing;
