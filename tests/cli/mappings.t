#!/usr/bin/perl
# mappings.t - the mappings that come with the program: what they make of real files, and of each trap of their formats.
use strict;
use warnings;
use utf8;
use lib 'tests/cli';
use JSON::PP ();
use Test::More;
use Records;
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output todo_output);

# ---- real files: counts as in the README beside them, by formats that the content alone tells ----
my @columns = qw(articles comments threads depth orphans twice deleted nameless);
my @real = (
    # README: 199 comments, depth 10, 22 by "[deleted]"; of those, 4 say "[deleted]" and 1 "[removed]"
    ['reddit-json/graw-thread.json', 1, 199, 1, 10, 0, 0, 5, 22],
    ['reddit-json/praw-skip_at_limit.json', 1, 476, 1, 10, 0, 0, 6, 16],
    ['reddit-json/praw-all_with_comment_sort.json', 1, 470, 1, 10, 0, 0, 7, 22],
    ['reddit-ndjson/RC_graw.ndjson', 0, 199, 1, 10, 0, 0, 5, 22],
    ['reddit-ndjson/RS_graw.ndjson', 1, 0, 0, 0, 0, 0, 0, 0],
    ['hn-json/hn-api-examples.ndjson', 4, 2, 2, 1, 0, 0, 0, 0],
    ['hn-json/hn-post-flat.json', 0, 254, 1, 11, 0, 0, 0, 0],
    ['remark42-json/tree.json', 1, 12, 1, 3, 0, 0, 0, 12],
    ['remark42-json/tree_bench.json', 1, 58, 1, 4, 0, 0, 0, 0],
    ['remark42-json/tree_del.json', 1, 9, 1, 4, 0, 0, 1, 9],
    ['remark42-json/native-backup-v1.ndjson', 2, 2, 2, 1, 1, 0, 0, 0],
    ['commento-json/commento.json', 2, 3, 2, 2, 0, 0, 0, 1],
    ['isso-json/generic.json', 2, 2, 2, 1, 0, 0, 0, 0],
);
for my $row (@real) {
    my ($file, @want) = @$row;
    SKIP: {
        my $path = shared_file($file) // skip("$file is not here (WEFT_SHARED)", 2);
        my $run = converted($path);
        my %figures = %{figures($run)};
        is($run->{status}, 0, "$file is read");
        is("@figures{@columns}", "@want", "... @columns");
    }
}

# ---- real files, comment by comment: small ones by hand, large ones walked by other code ----
sub raw {
    my ($path) = @_;
    open(my $fh, '<:raw', $path) or die "$path: $!\n";
    local $/;
    return JSON::PP->new->utf8->decode(scalar <$fh>);
}
sub utc {
    my ($s) = @_;
    my @t = gmtime $s;
    return sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0];
}
my $flat_row = sub { return join '|', map { $_ // '-' } @{$_[0]}{qw(id parent author date body)} };
# [id, parent or undef, author, date, body], in the order of the file, of a Reddit thread.
sub reddit_rows {
    my (@todo) = @_;
    my @rows;
    while (my $one = shift @todo) {
        my ($thing, $under) = @$one;
        next if $thing->{kind} ne 't1';
        my $d = $thing->{data};
        my $gone = $d->{body} =~ /^\[(?:deleted|removed)\]$/;
        (my $body = $d->{body}) =~ s/&(lt|gt|amp);/{lt => '<', gt => '>', amp => '&'}->{$1}/ge;
        push @rows, {id => $d->{id}, parent => $under, $gone ? () : (author => $d->{author} eq '[deleted]' ? undef : $d->{author}, date => utc($d->{created_utc}), body => $body)};
        unshift @todo, map { [$_, $d->{id}] } @{$d->{replies}{data}{children}} if ref $d->{replies};
    }
    return @rows;
}
for my $file (qw(graw-thread praw-skip_at_limit praw-all_with_comment_sort)) {
    SKIP: {
        my $path = shared_file("reddit-json/$file.json") // skip("$file is not here (WEFT_SHARED)", 1);
        my @want = reddit_rows(map { [$_, undef] } @{raw($path)->[1]{data}{children}});
        my %want = map { $flat_row->($_) => 1 } @want;
        my @other = grep { !$want{$_} } map { $flat_row->($_) } grep { $_->{type} eq 'comment' } @{converted($path)->{records}};
        is_deeply(\@other, [], "$file: each of " . @want . ' comments with its parent, author, date and body');
    }
}
SKIP: {
    my $path = shared_file('hn-json/hn-post-flat.json') // skip('hn-post-flat.json is not here (WEFT_SHARED)', 2);
    my %want = map { $flat_row->({id => $_->{id}, parent => $_->{parentId}, author => $_->{author}, body => $_->{text}}) => 1 } @{raw($path)};
    my $run = converted($path);
    is_deeply([grep { !$want{$_} } map { $flat_row->($_) } @{$run->{records}}], [], 'hn-post-flat: each of 254 comments');
    like($run->{err}, qr/254 dates were not understood/, '... none with a date, which is said');
}
SKIP: {
    my $path = shared_file('remark42-json/tree_bench.json') // skip('tree_bench.json is not here (WEFT_SHARED)', 1);
    my %want = map { $flat_row->({id => $_->{id}, parent => $_->{pid} || undef, author => $_->{user}{name}, date => $_->{time}, body => $_->{text}}) => 1 } @{raw($path)};
    is_deeply([grep { !$want{$_} } map { $flat_row->($_) } grep { $_->{type} eq 'comment' } @{converted($path)->{records}}], [], 'tree_bench: each of 58 comments');
}
my %trees = (
    'remark42-json/tree.json' => ['url: 1(11 12 13(131 132) 14) 2(21 22) 4 3'],
    'remark42-json/tree_del.json' => ['url: 1(11(111)) 2(22(223(2241) 221 222))'],
    'commento-json/commento.json' => ['example.com/blog/post/2: e7069a7dfcfaed43caf62300a9b0edb1c124ad79d0f5887c93649c15d7f69945',
        'example.com/blog/post/1: 7d77e39fcd813241d6281478cc8f21ab5f807d043c750bc1a936bc23b34fb854(ea5f7bcd6ac9bb7b657f7d0569831104e1bcf9c253d03c1e16bf9654c49a5ce9)'],
    'isso-json/generic.json' => ['/posts/0001/: /posts/0001/#0', '/posts/0007/: /posts/0007/#0'],
    'hn-json/hn-api-examples.ndjson' => ['8863', '121003', '192327', '126809', '160704: 160705', '2921506: 2921983'],
    'remark42-json/native-backup-v1.ndjson' => ['https://radio-t.com: efbc17f177ee1a1c0ee6e1e025749966ec071adc', 'https://radio-t.com/2: f863bd79-fec6-4a75-b308-61fe5dd02aa1'],
);
for my $file (sort keys %trees) {
    SKIP: {
        my $path = shared_file($file) // skip("$file is not here (WEFT_SHARED)", 1);
        is_deeply(tree(converted($path)), $trees{$file}, "$file: its tree");
    }
}

# ---- traps, on samples of our own; the format is told by the content ----
my $JSON = JSON::PP->new->canonical->utf8;
sub read_json { my ($value, @options) = @_; return converted(\$JSON->encode($value), @options) }
sub lines { return converted(\join('', map { $JSON->encode($_) . "\n" } @_)) }
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);

# Reddit: "" or a Listing below, stubs, the deleted, names that are also ids of submissions.
my $t1 = sub { my ($id, $parent, $body, @below) = @_;
    return {kind => 't1', data => {id => $id, link_id => 't3_a', parent_id => $parent, body => $body, author => "by $id", created_utc => 1.5e9, score => 1, subreddit => 's',
        permalink => "/r/s/comments/a/_/$id/", replies => @below ? {kind => 'Listing', data => {children => \@below}} : ''}} };
my $listing = sub { return {kind => 'Listing', data => {children => [@_], after => undef}} };
my $t3 = {kind => 't3', data => {id => 'a', title => 'Fish &amp; chips', selftext => '[removed]', author => '[deleted]', subreddit => 's', created_utc => 1500000000, permalink => '/r/s/comments/a/fish/'}};
my $run = read_json([$listing->($t3), $listing->($t1->('a', 't3_a', 'I &lt;3 &amp;amp; so on'), $t1->('b', 't1_a', '[deleted]', $t1->('c', 't1_b', 'under', {kind => 'more', data => {count => 7, children => ['x']}})), {kind => 'more', data => {}})]);
is_deeply(tree($run), ['a: a(b(c))'], 'reddit: a comment may have the id of its submission');
is($run->{status}, 0, '... stubs are no fault');
is_deeply($run->{records}[0], {type => 'article', id => 'a', title => 'Fish & chips', date => utc(1500000000), url => 'https://www.reddit.com/r/s/comments/a/fish/', section => 's', format => 'markdown'}, '... a submission whose text is removed');
is((grep { $_->{type} eq 'comment' } @{$run->{records}})[0]{body}, 'I <3 &amp; so on', '... entities once');
ok(record($run, 'b')->{deleted} && !exists record($run, 'b')->{author}, '... a place for what was deleted');
# Pushshift: dates as numbers or texts, parents outside the file, no submission.
$run = lines({id => 'b', link_id => 't3_a', parent_id => 't1_gone', body => 'x', author => 'A', created_utc => '1366044509'},
    {id => 'c', link_id => 't3_a', parent_id => 't3_a', body => '[removed]', author => 'B', created_utc => 1366044509});
is_deeply([map { $_->{date} } @{$run->{records}}], ['2013-04-15T16:48:29Z', undef], 'pushshift: a date as a text');
is(record($run, 'b')->{parent}, 'gone', '... a parent that is not in the file');
is(record($run, 'c')->{parent}, undef, '... the submission is none');
# Hacker News: items in any order, the deleted and dead, polls.
$run = lines({id => 5, type => 'comment', parent => 4, by => 'e', time => 5, text => '<p>x &#x27;'}, {id => 4, type => 'comment', parent => 1, time => 4, deleted => $yes},
    {id => 6, type => 'comment', parent => 5, by => 'f', time => 6, text => 'dead', dead => $yes}, {id => 1, type => 'poll', by => 'a', time => 1, title => 'P', text => '', kids => [4, 2]},
    {id => 2, type => 'pollopt', poll => 1, by => 'a', time => 1, text => 'yes', score => 3});
# (2 comes out last: what waited for the story follows it at once)
is_deeply(tree($run), ['1: 4(5(6)) 2'], 'hn: comments before their story');
is_deeply([map { record($run, $_)->{body} } 4, 5, 6], [undef, '<p>x &#x27;', undef], '... no text of the deleted and dead');
is(record($run, 2)->{kind}, 'pollopt', '... the options of a poll');
is(record($run, 1)->{url}, 'https://news.ycombinator.com/item?id=1', '... an address');
is_deeply(tree(read_json([{id => 2, by => 'b', parent => 1, time => 2, type => 'comment', text => 'x'}, {id => 1, by => 'a', time => 1, type => 'story', title => 'T'}])), ['1: 2'], '... in an array');
# Algolia: nested, with and without the ids of what is above.
my $algolia = sub { my ($id, $children, @more) = @_; return {id => $id, type => 'comment', author => "by $id", text => "t $id", created_at_i => 1500000000, points => undef, children => $children, @more} };
for my $with (0, 1) {
    my $ids = sub { return $with ? (parent_id => $_[0], story_id => 1) : () };
    $run = read_json({id => 1, type => 'story', title => 'T', author => 'a', created_at_i => 1500000000, points => 9, text => undef, url => 'http://x/', children => [
        $algolia->(2, [$algolia->(3, [], $ids->(2)), {%{$algolia->(4, [], $ids->(2))}, author => undef, text => undef}], $ids->(1)), $algolia->(5, [], $ids->(1))]});
    is_deeply([map { "$_->{id}:" . ($_->{parent} // '-') =~ s/^1$/-/r } sort { $a->{id} <=> $b->{id} } grep { $_->{type} eq 'comment' } @{$run->{records}}], ['2:-', '3:2', '4:2', '5:-'], "hn-algolia: a tree, ids above given: $with");
    ok(record($run, 4)->{deleted}, '... one deleted');
    is(record($run, 1)->{url}, 'http://x/', '... its story');
}
# A scraped list: levels, relative dates.
$run = read_json([map { {id => "$_->[0]", parentId => "$_->[1]", level => $_->[2], author => 'x', age => '2 hours ago', text => "> quoted\n\nx"} } [2, 1, 0], [3, 2, 40], [4, 1, 0]]);
is_deeply(tree($run), ['1: 2(3) 4'], 'hn-list: the top level names the story');
# Discourse: the first post is the article; title after the posts; replies by number; what is hidden.
my $post = sub { my ($n, %more) = @_; return {id => 100 + $n, post_number => $n, topic_id => 7, username => "u$n", user_id => $n, created_at => '2020-01-01T00:00:00.000Z', cooked => "<p>$n</p>", post_type => 1, reply_to_post_number => undef, %more} };
my $topic = sub { my ($late, @posts) = @_; return '{"post_stream":' . $JSON->encode({posts => \@posts, stream => [101 .. 120]}) . ',"suggested_topics":[{"id":8,"title":"Other"}],' . substr($JSON->encode({id => 7, title => $late, tags => ['a', 'b']}), 1) };
$run = converted(\$topic->('Late title', $post->(1), $post->(2, reply_to_post_number => 1), $post->(3, reply_to_post_number => 2), $post->(4, post_type => 3, cooked => ''),
    $post->(5, reply_to_post_number => 40), $post->(6, hidden => $yes), $post->(7, user_deleted => $yes, reply_to_post_number => 3)));
is_deeply([map { "$_->{id}:" . ($_->{parent} // '-') } grep { $_->{type} eq 'comment' } @{$run->{records}}], ['7-2:7-1', '7-3:7-2', '7-5:7-40', '7-6:-', '7-7:7-3'], 'discourse: replies by number');
is_deeply(record($run, 7), {type => 'article', id => '7', title => 'Late title', body => '<p>1</p>', author => 'u1', date => '2020-01-01T00:00:00Z', tags => ['a', 'b'], format => 'html'}, '... the first post is the article');
like($run->{err}, qr/skipped: .*\b13 a post that the file only lists/, '... of 20 that it lists it holds 7');
ok(record($run, '7-7')->{deleted} && (record($run, '7-6')->{status} // '') eq 'hidden', '... deleted and hidden');
# Remark42: head of a backup, a deleted comment, an answer as a tree, several pages.
my $remark = sub { my ($id, $pid, @more) = @_; return {id => $id, pid => $pid, text => "t $id", user => {name => 'N', id => 'u'}, locator => {site => 's', url => 'https://x/1'}, score => -2, time => '2020-01-01T00:00:00-06:00', @more} };
$run = lines({version => 1, users => [], posts => []}, $remark->('r1', '', title => 'Page'), $remark->('r2', 'r1', delete => $yes, text => ''), $remark->('r3', 'r2'));
is_deeply(tree($run), ['https://x/1: r1(r2(r3))'], 'remark42: a backup');
is_deeply($run->{records}[0], {type => 'article', id => 'https://x/1', url => 'https://x/1', title => 'Page'}, '... its page');
ok(record($run, 'r2')->{deleted} && record($run, 'r3')->{score} == -2, '... a deleted one, a score');
$run = read_json({comments => [{comment => $remark->('r1', ''), replies => [{comment => $remark->('r2', 'r1')}]}], info => {url => 'https://x/1', count => 2}});
is_deeply(tree($run), ['https://x/1: r1(r2)'], '... the tree of its API');
is_deeply(tree(read_json({comments => [$remark->('r1', ''), $remark->('r2', 'r1')], info => {}})), ['https://x/1: r1(r2)'], '... and the flat answer');
# Commento: the commenters come last, "root", one who is not among them; states.
my $commento = sub { my ($id, $parent, $by, @more) = @_; return {commentHex => $id, domain => 'd.example', url => '/p', commenterHex => $by, markdown => "m $id", html => '', parentHex => $parent, score => 0, state => 'approved', creationDate => '2021-03-12T11:21:56Z', deleted => $no, @more} };
my %commento = (comments => [$commento->('c1', 'root', 'anonymous'), $commento->('c2', 'c1', 'k'), $commento->('c3', 'c2', 'gone'), $commento->('c4', 'root', 'k', state => 'unapproved'), $commento->('c5', 'c1', 'k', deleted => $yes)],
    commenters => [{commenterHex => 'k', name => 'Kay', email => 'k@example.invalid'}]);
$run = converted(\('{"version":1,"comments":' . $JSON->encode($commento{comments}) . ',"commenters":' . $JSON->encode($commento{commenters}) . '}'));
# (c5 comes out before c2: a place waits for no name)
is_deeply(tree($run), ['d.example/p: c1(c5 c2(c3)) c4'], 'commento: its tree');
is_deeply([map { record($run, "c$_")->{author} } 1 .. 5], [undef, 'Kay', undef, undef, undef], '... names');
is_deeply([record($run, 'c4')->{status}, record($run, 'c5')->{deleted}], ['pending', $yes], '... states');
unlike($run->{out}, qr/example\.invalid/, '... no e-mail');
my $uuid = sub { return sprintf '%08d-0000-0000-0000-000000000000', $_[0] };
my $comentario = sub { my ($n, %more) = @_; return {id => $uuid->($n), pageId => $uuid->(90), markdown => "m $n", html => "<p>m $n</p>", score => $n, isSticky => $no, isApproved => $yes, isPending => $no, isDeleted => $no, createdTime => '2024-01-02T03:04:05.678Z', userCreated => $uuid->(7), authorIP => '192.0.2.7', %more} };
$run = converted(\('{"version":3,"pages":' . $JSON->encode([{id => $uuid->(90), domainId => $uuid->(80), path => '/p', title => 'Page', isReadonly => $no}])
    . ',"comments":' . $JSON->encode([$comentario->(1, userCreated => $uuid->(0), authorName => 'Guest'), $comentario->(2, parentId => $uuid->(1)), $comentario->(3, isDeleted => $yes), $comentario->(4, isApproved => $no), $comentario->(5, isPending => $yes)])
    . ',"commenters":' . $JSON->encode([{id => $uuid->(7), name => 'Kay', email => 'k@example.invalid'}]) . '}'));
is_deeply([map { $_->{author} } map { record($run, $uuid->($_)) } 1 .. 5], ['Guest', 'Kay', undef, undef, undef], 'comentario: names');
is_deeply([record($run, $uuid->(2))->{parent}, map { $_->{deleted} ? 'deleted' : $_->{status} } map { record($run, $uuid->($_)) } 3 .. 5], [$uuid->(1), 'deleted', 'hidden', 'pending'], '... parents and states');
is_deeply(record($run, $uuid->(90)), {type => 'article', id => $uuid->(90), title => 'Page', url => '/p'}, '... its page');
unlike($run->{out}, qr/example\.invalid|192\.0\.2/, '... no e-mail, no IP address');
SKIP: {
    my $case = "$Cases::SHARED/109/in.json";
    skip('the files of case 109 are not here (WEFT_SHARED)', 1) unless -r $case;
    is_deeply(tree(converted($case)), ['https://site.example/a: aa01(aa02)'], 'case 109: "root" is no parent');
}
# Isso: the same number under two articles, comments before the id, replies.
my $isso = sub { my ($id, @comments) = @_; return '{"comments":' . $JSON->encode(\@comments) . ',"id":"' . $id . '","title":"T"}' };
$run = converted(\('[' . $isso->('/a/', {id => 0, text => 'x', author => 'A', created => '2005-02-24 04:03:37'}, {id => 1, parent => 0, text => 'y', author => 'B', created => '2005-02-24 04:03:38'}) . ',' . $isso->('/b/', {id => 0, text => 'z', author => 'C', created => '2005-02-24 04:03:39'}) . ']'));
is_deeply(tree($run), ['/a/: /a/#0(/a/#1)', '/b/: /b/#0'], 'isso: ids count within their article');
is(record($run, '/a/#0')->{date}, '2005-02-24T04:03:37Z', '... dates');
# The same export twice gives the same; a prefix keeps two sites apart.
is(converted(\$JSON->encode(\%commento), '--id-prefix', 'x:')->{records}[-1]{article}, 'x:d.example/p', 'a prefix');
done_testing();
