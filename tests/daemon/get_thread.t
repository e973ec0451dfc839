#!/usr/bin/perl
# get_thread.t - the commands get and thread: what is shown of a record, of a whole conversation, and of what is not public.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Weft;

my $json = JSON::PP->new->utf8->canonical;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

sub record { return $json->encode({@_}) . "\n" }
sub article { return record(type => 'article', @_) }
sub comment { return record(type => 'comment', article => 'a1', @_) }
sub ids { return join ' ', map { $_->{ref} =~ s/comment://r } @{$_[0]{comments}} }
sub code { return $_[0]{ok} ? 'ok' : $_[0]{error}{code} }

my %a1 = (id => 'a1', title => 'Soup', body => "First.\n\nSecond.", author => 'Ed', date => '2013-05-01T08:00:00Z', url => 'https://x/a1',
    section => 'Food', tags => ['red', 'hot'], site => 'Herald', score => 3);
my %c3 = (id => 'c3', article => 'a1', parent => 'c2', author => 'Bob', author_id => '77', date => '2013-05-01T10:00:00Z',
    body => "> kettle\n\nNo.", url => 'https://x/c3', score => -4, kind => 'comment', rev => 2);
my $dir = Weft::index_of(
    article(%a1), comment(%c3),
    comment(id => 'c1', author => 'Ann', date => '2013-05-01T09:00:00Z', body => 'The kettle'),
    comment(id => 'c2', parent => 'c1', author => 'Secret', body => 'Secret words', status => 'deleted', date => '2013-05-01T09:30:00Z'),
    comment(id => 'c4', parent => 'c1', author => 'Cy', body => 'Later', date => '2013-05-01T09:40:00Z'),
    comment(id => 'c5', parent => 'c3', body => 'Secret too', status => 'hidden'),
    comment(id => 'o1', parent => 'lost', author => 'Di', body => 'Orphan', date => '2013-05-02'),
    comment(id => 'u1', body => 'Undated'),
    comment(id => 's1', article => 'a2', body => 'Stranded'),
    article(id => 'a3', title => 'Hidden', status => 'hidden'), comment(id => 'h1', article => 'a3', body => 'Hidden with it'),
    article(id => 'both', title => 'An article'), comment(id => 'both', article => 'both', body => 'A comment'));

# --- get ---

my ($a, $c, $root, $both_a, $both_c) = Weft::replies_of($dir, map { "get ref=$_" }
    qw(article:a1 comment:c3 comment:c1 article:both comment:both));
is_deeply($a->{doc}, {type => 'article', %a1}, 'get of an article: the whole record');
is_deeply($c->{doc}, {type => 'comment', %c3, depth => 2, parent_ref => 'comment:c2', replies => 0},
    'get of a comment: the record and its place; a hidden reply is not counted');
is_deeply([@{$root->{doc}}{qw(depth parent_ref replies)}], [0, undef, 1], 'a root comment; a deleted reply is not counted');
is("$both_a->{doc}{title} / $both_c->{doc}{body}", 'An article / A comment', 'an article and a comment may share an id');
ok(defined $a->{revision}, 'with the revision');
my @none = ('comment:c2', 'comment:c5', 'comment:lost', 'comment:h1', 'article:a2', 'article:a3', 'article:c1', 'comment:a1', 'comment:nobody');
for my $reply (Weft::replies_of($dir, map { {cmd => 'get', ref => $_, id => $_} } @none)) {
    is(code($reply), 'not_found', "get of $reply->{id}");
    is($reply->{error}{message}, "no document '$reply->{id}'", '... says no more than that');
}
my @bad = ({ref => ''}, {}, {ref => 'c1'}, {ref => 'thread:a1'}, {ref => 'comment:'}, {ref => 7}, {ref => 'comment:c1', limit => 1},
    {ref => 'comment:' . 'x' x 201});
is(join(' ', map { code($_) } Weft::replies_of($dir, map { {cmd => 'get', %$_} } @bad)),
    'bad_request bad_request bad_request bad_request bad_request bad_request bad_request limit', 'what is no reference');
is(code((Weft::replies_of($dir, {cmd => 'get', ref => 'comment:' . 'x' x 200}))[0]), 'not_found', 'the longest reference');

# --- thread ---

my ($t) = Weft::replies_of($dir, 'thread ref=comment:c3');
is_deeply($t->{article}, {ref => 'article:a1', map { $_ => $a1{$_} } qw(title author date url site body)}, 'the article of a thread');
my @want = (
    {ref => 'comment:c1', author => 'Ann', date => '2013-05-01T09:00:00Z', depth => 0, parent => undef, body => 'The kettle', replies => 1},
    {ref => 'comment:c4', author => 'Cy', date => '2013-05-01T09:40:00Z', depth => 1, parent => 'comment:c1', body => 'Later', replies => 0},
    {ref => 'comment:c2', removed => $true, depth => 1, parent => 'comment:c1'},    # its date is not kept: unknown
    {ref => 'comment:c3', author => 'Bob', date => '2013-05-01T10:00:00Z', depth => 2, parent => 'comment:c2', body => $c3{body},
        replies => 0, at => $true},
    {ref => 'comment:o1', author => 'Di', date => '2013-05-02T00:00:00Z', depth => 0, parent => undef, body => 'Orphan', replies => 0},
    {ref => 'comment:u1', depth => 0, parent => undef, body => 'Undated', replies => 0});
is_deeply($t->{comments}, \@want, 'its comments in thread order: by date among siblings, the undated last, removed ones as places');
is_deeply([@$t{qw(total offset truncated)}], [6, 0, $false], '... all of them');
my ($of_article, $of_place, $of_stub, $both) = Weft::replies_of($dir, map { "thread ref=$_" } qw(article:a1 comment:c2 article:a2 comment:both));
ok(!grep({ $_->{at} } @{$of_article->{comments}}), 'the thread of an article points at no comment');
is(join(' ', map { $_->{ref} } grep { $_->{at} } @{$of_place->{comments}}), 'comment:c2', 'the thread of a removed comment shows its place');
is_deeply($of_stub->{article}, {ref => 'article:a2', stub => $true}, 'a stub');
is(ids($of_stub), 's1', '... and its comments');
is_deeply([map { [@$_{qw(ref at)}] } @{$both->{comments}}], [['comment:both', $true]], 'an id shared with the article');
is(code($_), 'not_found', 'no thread of what is not shown')
    for Weft::replies_of($dir, map { "thread ref=$_" } qw(comment:c5 comment:h1 article:a3 comment:lost article:c1));
unlike($json->encode([$t, $of_place]), qr/Secret/, 'nothing of what is not public');

# --- pages ---

my $long = Weft::index_of(article(id => 'a1', title => 'Long'),
    (map { comment(id => sprintf('c%03d', $_), body => "n$_", date => 1367000000 + $_) } 0 .. 249));
my @pages = (
    ['limit=1 ref=article:a1', 0, 'c000'],
    ['limit=3 offset=4 ref=article:a1', 4, 'c004 c005 c006'],
    ['limit=3 offset=248 ref=article:a1', 248, 'c248 c249'],
    ['limit=3 offset=250 ref=article:a1', 250, ''],
    ['limit=3 offset=1000000 ref=article:a1', 1000000, ''],
    ['limit=3 ref=comment:c000', 0, 'c000 c001 c002'],
    ['limit=3 ref=comment:c002', 0, 'c000 c001 c002'],
    ['limit=3 ref=comment:c003', 3, 'c003 c004 c005'],
    ['limit=3 ref=comment:c249', 249, 'c249'],
    ['limit=3 offset=0 ref=comment:c249', 0, 'c000 c001 c002'],
    ['ref=comment:c120', 100, join ' ', map { sprintf 'c%03d', $_ } 100 .. 199],
    ['limit=100 ref=article:a1', 0, join ' ', map { sprintf 'c%03d', $_ } 0 .. 99]);
my @got = Weft::replies_of($long, map { "thread $_->[0]" } @pages);
for my $i (0 .. $#pages) {
    is("$got[$i]{offset}: " . ids($got[$i]), "$pages[$i][1]: $pages[$i][2]", "page $pages[$i][0]");
    is_deeply([@{$got[$i]}{qw(total truncated)}], [250, $false], '... of 250');
}
is(join(' ', map { code($_) } Weft::replies_of($long, map { "thread ref=article:a1 $_" } qw(limit=0 limit=101 offset=-1 offset=1000001 q=x))),
    'bad_request bad_request bad_request bad_request bad_request', 'keys past their limits');

# --- cut bodies, and a reply that stops early ---

my $e = "\xc3\xa9";
my $heavy = Weft::index_of(record(type => 'article', id => 'a1', title => 'Heavy', body => 'x' x 2049),
    comment(id => 'b0', date => 1, body => 'y' x 2048), comment(id => 'b1', date => 2, body => 'y' x 2049),
    qq({"type":"comment","article":"a1","id":"b2","date":3,"body":"y@{[$e x 1024]}"}\n),
    map { comment(id => "d$_", date => 100 + $_, body => '"\\' x 1500) } 0 .. 199);     # as JSON, twice as many
my ($first) = Weft::replies_of($heavy, 'thread ref=article:a1 limit=3');
is(length($first->{article}{body}) . " $first->{article}{cut}", '2048 1', 'a body of 2,049 bytes is cut');
is(join(' ', map { length($_->{body}) . ($_->{cut} ? ' cut' : '') } @{$first->{comments}}), '2048 2048 cut 1024 cut',
    'one of 2,048 is not; a letter of two bytes is not split');
my ($offset, $walked, $stops, $largest) = (0, '', 0, 0);
for (1 .. 20) {
    my ($line) = Weft::ask_pipe($heavy, "thread ref=article:a1 offset=$offset");
    my $page = $json->decode($line);
    my $n = @{$page->{comments}} or last;
    $largest = length $line if length $line > $largest;
    $stops++ if $page->{truncated};
    fail("page at $offset is neither full, truncated nor the last") unless $n == 100 || $page->{truncated} || $offset + $n == 203;
    $walked .= ids($page) . ' ';
    $offset += $n;
}
is($walked, join('', map { "$_ " } qw(b0 b1 b2), map { "d$_" } 0 .. 199), 'going on after what came gives every comment once');
cmp_ok($stops, '>', 0, '... over replies that stopped early');
cmp_ok($largest, '<=', 256 * 1024 + 256, '... each of at most 256 KiB');
done_testing;
