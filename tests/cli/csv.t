#!/usr/bin/perl
# csv.t - the `csv` reader: quotes, line breaks, delimiters, what the columns are, and what is wrong in a table.
use strict;
use warnings;
use utf8;
use lib 'tests/cli';
use JSON::PP ();
use Test::More;
use Records;
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output todo_output);

sub table {
    my ($text, @options) = @_;
    utf8::encode($text) if utf8::is_utf8($text);
    return converted(\$text, @options);
}
sub ids { return join ' ', map { $_->{id} } @{$_[0]{records}} }

# ---- RFC 4180 ----
my $run = table(<<'END');
id,article,parent,author,date,comment
1,a,,Ann,2013-05-03 09:16,"a comma, a ""quote"" and
a line break"
2,a,1,"Bob, the second",2013-05-03T09:20:00Z,plain
3,b,,, ,""
END
is($run->{status}, 0, 'a table');
is_deeply(tree($run), ['a: 1(2)', 'b: 3'], '... its tree');
is(record($run, 1)->{body}, qq(a comma, a "quote" and\na line break), '... quotes, commas and line breaks in a field');
is(record($run, 1)->{date}, '2013-05-03T09:16:00Z', '... dates');
is(record($run, 2)->{author}, 'Bob, the second', '... a quoted name');
is_deeply([map { exists record($run, 3)->{$_} } qw(author date body parent)], ['', '', '', ''], '... empty fields are absent');
$run = table(qq(\xEF\xBB\xBFid;thread;text\r\n1;a;"one\r\ntwo"\r\n\r\n2;a;x;y\r\n3;a;three));
is(ids($run), '1 3', 'a byte order mark, semicolons, CR LF, an empty line, no last line end');
is(record($run, 1)->{body}, "one\r\ntwo", '... a line break as it stands');
like($run->{err}, qr/FILE:5: 4 fields, but 3 columns/, '... a row with a field too many, by the line it begins at');
$run = table("id\tthread\ttext\n1\ta\ttabs, and a comma\n");
is(record($run, 1)->{body}, 'tabs, and a comma', 'tabs');
$run = table("id,thread,text\n1,a,x\n2,a\n3,a,\"unfinished\n4,a,y\n");
is(ids($run), '1', 'a quote that is never closed');
like($run->{err}, qr/FILE:3: 2 fields, but 3 columns/, '... a row too short before it');
like($run->{err}, qr/FILE:4: the quote of a field is never closed/, '... and where it stands');
is($run->{status}, 1, '... is no success');
$run = table("id,thread,text\n1,a,x\n,,\n2,a,y\n");
is(ids($run), '1 2', 'a row of empty fields is none');
is($run->{status}, 0, '... and no fault');
$run = table("id,thread,text\n1,a,nul\0here\nx\0,a,y\n");
is(record($run, 1)->{body}, 'nul here', 'a NUL in a text');
like($run->{err}, qr/FILE:3: .*control character in id/, '... and in an id');
like(table("id,thread,text\n1,a,x\r2,a\n3,a,y\n")->{err}, qr/FILE:2: 2 fields, but 3 columns/, 'a line end of its own within a line');
my $mib = 1024 * 1024;
$run = table("id,thread,text\n1,a,\"" . "x\n" x (9 * $mib) . "\"\n2,a,y\n");
like("$run->{status} $run->{err}", qr/^[12] .*FILE:2: a field over 16777216 bytes: is its quote closed\?/, 'a field over 16 MiB');
$run = table("id,thread,text,note\n1,a,\"" . 'x' x (10 * $mib) . '","' . 'y' x (10 * $mib) . "\"\n2,a,y,\n");
is(ids($run), '2', 'a row over 16 MiB');
like($run->{err}, qr/FILE:2: row over 16777216 bytes/, '... is refused');
my $wide = sub { my ($n) = @_; return table(join(',', 'id', 'thread', 'text', map { "x$_" } 4 .. $n) . "\n" . join(',', 1, 'a', 'hi', map { '' } 4 .. $n) . "\n") };
is(ids($wide->(256)), '1', '256 columns');
like($wide->(257)->{err}, qr/FILE:2: 257 fields, but 256 columns/, '... and no more');
$run = table("id,thread,text\n1,a,caf\xE9\n", '--charset', 'windows-1252');
is(record($run, 1)->{body}, 'café', 'a declared charset');

# ---- columns ----
$run = table("Comment ID,Story_ID,Parent-Comment-ID,User Name,User.ID,Created At,Comment Text,Likes,Headline,nonsense\n7,s,,Ann,u1,2020-02-29,Hi,5,Leap,?\n");
is_deeply(record($run, 7), {type => 'comment', id => '7', article => 's', author => 'Ann', author_id => 'u1', date => '2020-02-29T00:00:00Z', body => 'Hi', score => 5},
    'names in other spellings');
is_deeply($run->{records}[0], {type => 'article', id => 's', title => 'Leap'}, '... a headline makes an article');
$run = table("author,date,comment\nAnn,2013-05-03 09:16,one\nAnn,2013-05-03 09:16,two\nBob,,three\n", '--id-prefix', 'x-');
is(figures($run)->{comments} - figures($run)->{twice}, 3, 'without ids each comment gets one');
is_deeply([sort map { $_->{article} } @{$run->{records}}], [('x-in') x 3], '... on the article of the file');
is($run->{records}[0]{id}, 'x-in/Ann/20130503T0916/1', '... made of author and date');
my $again = table("date,author,comment\n2013-05-03 09:15,Zoe,zero\n2013-05-03 09:16,Ann,one\n", '--id-prefix', 'x-');
is($again->{records}[1]{id}, 'x-in/Ann/20130503T0916/1', '... the same in the next export');
$run = table("url,title,body,date\nhttp://x/1,One,Text,2013-05-03\n");
is_deeply($run->{records}, [{type => 'article', id => 'http://x/1', title => 'One', body => 'Text', date => '2013-05-03T00:00:00Z', url => 'http://x/1'}], 'a table of articles');
$run = table("type,id,article,title,text\narticle,a,,T,B\ncomment,1,a,,hi\n");
is(join(' ', map { "$_->{type} $_->{id}" } @{$run->{records}}), 'article a comment 1', 'both in one table');
$run = table("id,url,text,date\n1,http://x/1,hi,1367565360\n");
is(record($run, 1)->{article}, 'http://x/1', 'a URL is the article when nothing else is');
is(record($run, 1)->{date}, '2013-05-03T07:16:00Z', '... and a number in the date is seconds');
is(record(table("id,url,text,date\n1,u,hi,1367565360000\n", '--epoch', 'ms'), 1)->{date}, '2013-05-03T07:16:00Z', '... or what --epoch says');
my %public = (
    deleted => {1 => 0, 0 => 1, true => 0, false => 1, '' => 1}, approved => {1 => 1, 0 => 0, spam => 0, trash => 0, true => 1},
    status => {approved => 1, spam => 0, pending => 0, REJECTED => 0, deleted => 0, '' => 1}, spam => {1 => 0, 0 => 1},
);
for my $column (sort keys %public) {
    for my $value (sort keys %{$public{$column}}) {
        my $r = record(table("id,thread,text,$column\n1,a,hi,$value\n"), 1);
        is(defined $r->{body} ? 1 : 0, $public{$column}{$value}, "$column '$value' is " . ($public{$column}{$value} ? 'public' : 'a place without its text'));
    }
}
like(table("one,two\n1,2\n", '--format', 'csv')->{err}, qr/FILE: no columns of usual names \(id, parent, article, author, date, body\): name them with --mapping FILE/, 'columns nobody knows');
is(table("one,two\n1,2\n")->{status}, 2, '... are no table unless it is said');

# ---- formats with columns of their own ----
$run = table("article_id,comment_author,comment_counter,comment_text\n5,Ann,source1_5_0,root\n5,Bob,source1_5_0_2,reply\n5,Eve,source1_5_0_2_1,deeper\n");
is_deeply(tree($run), ['5: source1_5_0(source1_5_0_2(source1_5_0_2_1))'], 'SOCC: the path is position and parent');
$run = table("c1,u1,s1,2020-01-01T00:00:00Z,<p>Hi</p>,,APPROVED,\nc2,u2,s1,2020-01-01T00:00:01Z,no,c1,REJECTED,\nc3,u1,s1,2020-01-01T00:00:02Z,yes,c2,,4\n", '--format', 'coral-comments');
is_deeply(tree($run), ['s1: c1(c2(c3))'], 'Coral, comments without a header');
is_deeply([map { record($run, $_)->{body} } qw(c1 c2 c3)], ['<p>Hi</p>', undef, 'yes'], '... one of them rejected');
is(record($run, 'c1')->{format}, 'html', '... as HTML');
$run = table("id,author_id,story_id,created_at,body,parent_id,status,rating\nc1,u1,s1,2020-01-01T00:00:00Z,Hi,,APPROVED,\n", '--format', 'coral-comments');
is(ids($run), 'c1', '... or with one');
$run = table("s1,http://x/1,Title,Ann,2020-01-01,,\n", '--format', 'coral-stories');
is_deeply($run->{records}, [{type => 'article', id => 's1', title => 'Title', author => 'Ann', date => '2020-01-01T00:00:00Z', url => 'http://x/1'}], '... its stories');

# ---- cut anywhere ----
my $whole = "id,thread,text\n1,a,\"one \"\"q\"\"\nline\"\n2,a,two\n";
my $bad = 0;
for my $n (1 .. length($whole)) {
    $run = table(substr($whole, 0, $n), '--format', 'csv');
    $bad++ if $run->{status} > 2 || grep { $_->{id} !~ /^[12]$/ || $_->{article} ne 'a' } @{$run->{records}};
}
is($bad, 0, 'cut at every byte');

SKIP: {
    my $path = shared_file('csv-news/C3-globe-and-mail.csv.gz') // skip('C3 is not here (WEFT_SHARED)', 2);
    $run = converted($path);
    my $figures = figures($run);
    is($run->{status}, 0, 'C3 is read');
    is("@$figures{qw(articles comments threads depth orphans twice)}", '0 12000 484 1 0 0', '... 12,000 comments on 484 articles');
}
done_testing();
