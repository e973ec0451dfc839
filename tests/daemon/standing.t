#!/usr/bin/perl
# standing.t - threads that stand out in a large index: their comments join the hits without a word of their own.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use Test::More;
use Weft;

my $json = JSON::PP->new->utf8->canonical;
my $minute = 0;

sub article {
    my ($id, $title, $body) = @_;
    return $json->encode({type => 'article', id => $id, title => $title, body => $body, date => '2024-05-01T08:00:00Z'}) . "\n";
}

sub comment {
    my ($id, $article, $body) = @_;
    $minute++;
    return $json->encode({type => 'comment', id => $id, article => $article, body => $body,
        date => sprintf('2024-05-01T%02d:%02d:00Z', 9 + int($minute / 60), $minute % 60)}) . "\n";
}

# One thread about the harbour dredging, one comment elsewhere that says both words, and others about anything else.
sub archive {
    my ($others) = @_;
    $minute = 0;
    my @lines = (article('dredge', 'Harbour dredging begins', 'The harbour is deepened by dredging all summer.'),
        comment('early', 'dredge', 'About time.'), comment('late', 'dredge', 'And who pays for it?'),
        comment('owner', 'dredge', 'Dredging was promised years ago.'),
        article('cake', 'Baking a cake', 'Flour and eggs.'),
        comment('aside', 'cake', 'My uncle lost his harbour job when dredging stopped, so he bakes instead of fishing now.'));
    push @lines, article("a$_", "Report number w$_", "Nothing of note in w$_."), comment("c$_", "a$_", "Agreed on w$_.")
        for 1 .. $others;
    return @lines;
}

sub asked {
    my ($dir, $request) = @_;
    my ($reply) = Weft::ask_pipe($dir, "search type=comment context=none $request");
    return $json->decode($reply);
}

sub shown { join ' ', map { substr($_->{ref}, 8) . ($_->{relaxed} ? '*' : '') } @{$_[0]{hits}} }

my $small = Weft::index_of(archive(40));
my $reply = asked($small, '-- harbour dredging');
is(shown($reply), 'owner aside early* late*', 'under 50 threads: one tier after the other; relaxed hits early ones first');
is($reply->{total}{relaxed}, 2, 'counted apart');
is(shown(asked($small, '-- harbour dredging summer')), 'owner* early* late* aside*', 'a comment without a word in it is no hit but under the headline');

my $large = Weft::index_of(archive(100));
$reply = asked($large, '-- harbour dredging');
is(shown($reply), 'owner early* late* aside', 'in a large index its relaxed hits stand before a hit in a thread about something else');
is_deeply([@{$reply->{total}}{qw(hits relaxed)}], [2, 2], 'and are still counted apart');
is(shown(asked($large, 'limit=2 -- harbour dredging')), 'owner early*', 'whatever the page: the first');
is(shown(asked($large, 'limit=2 offset=2 -- harbour dredging')), 'late* aside', 'whatever the page: the second');
is(shown(asked($large, '-- deepened summer')), 'early* late* owner*', 'words of the article alone find its comments');
is(shown(asked($large, '-- deepened summer -dredging')), 'early* late*', 'all else in the query holds for them');
is(shown(asked($small, '-- deepened summer')), '', 'not so in a small one');
is(shown(asked($large, 'sort=newest -- harbour dredging')), 'aside owner late* early*', 'other orders keep the tiers');
done_testing;
