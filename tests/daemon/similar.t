#!/usr/bin/perl
# similar.t - conversations about the same, of public documents only, and the words they share.
use strict;
use warnings;
use utf8;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Weft;

binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);
my $json = JSON::PP->new->utf8->canonical;

sub record { my (%r) = @_; return $json->encode(\%r) . "\n" }
sub article { my ($id, $title, $body, @more) = @_; return record(type => 'article', id => $id, title => $title, body => $body, @more) }
sub comment { my ($id, $article, $body, @more) = @_; return record(type => 'comment', id => $id, article => $article, body => $body, @more) }
sub similar { my ($dir, $ref, @more) = @_; my ($r) = Weft::replies_of($dir, {cmd => 'similar', ref => $ref, @more}); return $r }
sub refs { return join ' ', map { $_->{ref} =~ s/^article://r } @{$_[0]{hits}} }

my @filler = map { article("f$_", "Gadget$_", "Widget$_ and cog$_.") } 1 .. 30;
my @archive = (
    @filler,
    article('ice', 'Glacier melting faster', 'Scientists measured the glacier: its ice melts, the moraine grows, meltwater floods.',
        author => 'Ann Ice', date => '2020-05-01T00:00:00Z', url => 'https://example.org/ice', site => 'Example'),
    comment('i1', 'ice', 'My grandfather walked that glacier.', author => 'Bo'), comment('i2', 'ice', 'Volcano eruption and lava are worse.'),
    comment('i3', 'ice', "> Volcano eruption\n\nThe moraine is higher than the meltwater."),
    article('alps', 'Alpine glacier lost', 'Moraine and meltwater where the ice was.', author => 'Al Pine', date => '2021-05-01T00:00:00Z'),
    comment('p1', 'alps', 'Sad.'), comment('p2', 'alps', 'So sad.', status => 'hidden'),
    article('talk', 'Weekend notes', 'Nothing much.'), comment('t1', 'talk', 'I saw the glacier, its moraine and the meltwater.'),
    article('one', 'Ice cream', 'Ice for all.'),
    article('hid', 'Glacier secrets', 'Glacier moraine meltwater ice.', status => 'hidden'), comment('h1', 'hid', 'Glacier moraine meltwater ice.'),
    article('pend', 'Glacier pending', 'Glacier moraine meltwater ice.', status => 'pending'),
    article('quiet', 'Holiday', 'We went away.'), comment('q1', 'quiet', 'Glacier moraine meltwater ice.', status => 'hidden'),
    article('fire', 'Volcano awake', 'An eruption with lava.'), comment('v1', 'fire', 'Lava everywhere, what an eruption.'),
    comment('s1', 'stub', 'The glacier and the moraine, no article here.'),
    article('tok', '東京の地震', '東京で地震があった。'), article('kyo', '京都と東京の地震', '地震の話。'),
    article('ru', 'Ледник тает', 'Ледники и морены в горах.'), article('ru2', 'О ледниках', 'Морена растёт, ледник тает.'),
    comment('empty', 'one', '!!!'),
);
my $dir = Weft::index_of(@archive);

my $r = similar($dir, 'article:ice');
ok($r->{ok}, 'answered');
is(join(' ', sort split / /, refs($r)), 'alps stub talk', 'what is about the same, not itself, nothing hidden, nor what shares one word');
is($r->{hits}[0]{ref}, 'article:alps', 'the nearest first');
my %of = map { $_->{ref} => $_ } @{$r->{hits}};
my $alps = $of{'article:alps'};
is_deeply({%$alps{qw(title author date)}}, {title => 'Alpine glacier lost', author => 'Al Pine', date => '2021-05-01T00:00:00Z'}, 'its headline');
is($alps->{thread}{comments}, 1, 'its public comments');
is_deeply([sort @{$of{'article:talk'}{shared}}], [qw(glacier meltwater moraine)], 'the words that a comment shares');
is($of{'article:stub'}{stub}, JSON::PP::true, 'a conversation without its article');
is($of{'article:stub'}{thread}{comments}, 1, 'and its comments');
ok(!exists $of{'article:stub'}{title}, 'has no title');
is($r->{revision}, 1, 'of a revision');
is(scalar(grep { $_->{shared} && @{$_->{shared}} >= 1 && @{$_->{shared}} <= 5 } @{$r->{hits}}), scalar @{$r->{hits}}, 'each says why');
is_deeply([map { $_->{ref} } @{similar($dir, 'article:ice')->{hits}}], [map { $_->{ref} } @{$r->{hits}}], 'the order is the same again');
is(refs(similar($dir, 'article:ice', limit => 1)), 'alps', 'limit');

my ($line) = Weft::replies_of($dir, 'similar limit=1 -- article:ice');
is(refs($line), 'alps', 'on a line');
is(refs(similar($dir, 'article:alps', limit => 1)), 'ice', 'the other way round');
like(refs(similar($dir, 'comment:t1')), qr/^(?:alps ice|ice alps) stub$/, 'of a comment by its own words, fewer of them last');
like(refs(similar($dir, 'comment:i2')), qr/\bfire\b/, 'of a comment that is about something else than its article');
unlike(refs(similar($dir, 'comment:i3')), qr/\bfire\b/, 'not by what it quotes');
is(refs(similar($dir, 'article:tok')), 'kyo', 'Japanese');
is(refs(similar($dir, 'article:ru')), 'ru2', 'Russian');
is_deeply(similar($dir, 'article:f1')->{hits}, [], 'none where no word is shared');
is_deeply(similar($dir, 'comment:empty')->{ok}, JSON::PP::true, 'a comment without words');

for my $row (['article:hid', 'not_found'], ['article:pend', 'not_found'], ['comment:h1', 'not_found'], ['comment:q1', 'not_found'], ['comment:p2', 'not_found'],
    ['article:none', 'not_found'], ['article:stub', 'not_found'], ['ice', 'bad_request'], ['', 'bad_request'], ['comment:' . 'x' x 300, 'limit'])
{
    is(similar($dir, $row->[0])->{error}{code}, $row->[1], "'" . substr($row->[0], 0, 20) . "' is $row->[1]");
}
is(similar($dir, 'article:ice', limit => $_)->{error}{code}, 'bad_request', "limit $_") for 0, 21;
ok(similar($dir, 'article:ice', limit => 20)->{ok}, 'limit 20');

# What is hidden is related no more, what comes is at once.
Weft::add_to($dir, article('alps', 'Alpine glacier lost', 'Moraine and meltwater where the ice was.', status => 'hidden'),
    record(type => 'comment', id => 't1', article => 'talk', deleted => JSON::PP::true),
    article('new', 'Glacier news', 'Ice, moraine, meltwater, glacier.'));
my $then = similar($dir, 'article:ice');
is($then->{hits}[0]{ref}, 'article:new', 'what came is the nearest');
unlike(refs($then), qr/\b(?:alps|talk)\b/, 'what was taken down is not there');
is($then->{revision}, 2, 'of the new revision');

# A text of a megabyte, and one of a single word.
my $large = Weft::index_of(@filler, article('big', 'Gadget1 again', join ' ', map { "gadget$_ widget$_" } 1 .. 40000), article('word', 'gadget1', ''));
ok(similar($large, 'article:big')->{ok}, 'a large article');
is(join(' ', sort split / /, refs(similar($large, 'article:word'))), 'big f1', 'one word is enough where there is no other');
done_testing;
