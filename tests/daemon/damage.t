#!/usr/bin/perl
# damage.t - generations damaged ever more heavily, laid under one running daemon: each request has one reply, an answer or an
# error of the closed list, never `changed`; workers may die of it inside Xapian, the daemon does not, and answers a whole
# generation again. tests/daemon/damaged.t has what is taken away, and lighter damage that not even a worker dies of.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use JSON::PP ();
use Weft;

srand(20130503);
my $tmp     = File::Temp->newdir;
my $indexer = "$Weft::B/weft-indexer";
my $json    = JSON::PP->new->canonical;
my @words   = map { join '', map { chr 97 + rand 26 } 1 .. 6 } 1 .. 300;
my %codes   = map { $_ => 1 } qw(bad_request bad_query limit not_found busy timeout changed corrupt io no_memory internal);

open(my $fh, '>', "$tmp/records") or die;
print $fh $json->encode({type => 'article', id => "a$_", title => "bridge $words[rand @words]"}), "\n" for 0 .. 19;
print $fh $json->encode({type => 'comment', id => "c$_", article => 'a' . $_ % 20, body => "bridge @words[map { rand @words } 1 .. 30]"}), "\n"
    for 1 .. 500;
close $fh;
is(system("$indexer build -q -i $tmp/whole $tmp/records"), 0, 'an index');
system("cp -a $tmp/whole $tmp/i");

my @questions = ('search -- bridge', 'search sort=newest limit=50 -- bridge', 'get ref=comment:c5', 'thread ref=comment:c7', 'count -- article:a1', 'status');
my $d = Weft->start(index => "$tmp/i", program => "$Weft::B/weft-searchd", args => ['--workers', 1, '--timeout-ms', 500]);
my $c = $d->connect;

sub ask_all {
    $c->send(join '', map { "$questions[$_] id=$_\n" =~ s/( -- .*)( id=\d+)/$2$1/r } 0 .. $#questions);
    return $c->replies(scalar @questions);
}

sub codes_of { return map { $_->{ok} ? 'ok' : $_->{error}{code} } @_ }

my @whole = ask_all();
is_deeply([codes_of(@whole)], [('ok') x @questions], 'answers of the whole index');

# The next generation under the same link: the workers open it afresh.
sub lay {
    my ($change) = @_;
    my ($n) = readlink("$tmp/i/current") =~ /gen-(\d+)/;
    my $next = $n + 1;
    system("cp -a $tmp/whole/gen-1 $tmp/i/gen-$next");
    $change->("$tmp/i/gen-$next");
    symlink("gen-$next", "$tmp/i/new") or die;
    rename("$tmp/i/new", "$tmp/i/current") or die;
    system("rm -rf $tmp/i/gen-$n");
    return $next;
}

# Flip bytes of a file at n places.
sub flip {
    my ($path, $n) = @_;
    open(my $file, '+<:raw', $path) or die "$path: $!\n";
    my $size = -s $path;
    for (1 .. $n) {
        seek($file, my $at = int rand $size, 0);
        read($file, my $byte, 1);
        seek($file, $at, 0);
        print $file chr(ord($byte) ^ 1 + int rand 255);
    }
    close $file;
    return;
}

my %seen;
for my $file (qw(postlist.glass docdata.glass termlist.glass iamglass)) {
    my ($odd, $late) = (0, 0);
    for my $n (1, 3, 10, 50, 200, 1000, 3000) {
        lay(sub { flip("$_[0]/$file", $n) });
        my @replies = ask_all();
        for my $i (0 .. $#replies) {
            $late++ if $replies[$i]{id} ne $i;
            $odd++ if !$replies[$i]{ok} && !$codes{$replies[$i]{error}{code}};
        }
        $seen{$_}++ for codes_of(@replies);
    }
    is($odd + $late, 0, "$file with flipped bytes: every request has its reply, each error is of the list");
}
cmp_ok($seen{corrupt} // 0, '>', 10, 'many are called corrupt');
is($seen{changed} // 0, 0, 'none is taken for an index that changes');

# Files overwritten whole, cut short, or gone.
for my $file (qw(postlist.glass docdata.glass)) {
    my $n = lay(sub { open(my $f, '+<', "$_[0]/$file") or die; print $f "\xff" x -s $f; close $f });
    my ($r) = ask_all();
    is($r->{error}{code}, 'corrupt', "$file overwritten: corrupt");
    like($r->{error}{message}, qr{\Q$tmp\E/i/gen-$n}, '... naming it');
    $n = lay(sub { truncate("$_[0]/$file", 8192) or die });
    ($r) = ask_all();
    ok(!$r->{ok}, "$file cut short: an error ($r->{error}{code})");
    lay(sub { unlink("$_[0]/$file") or die });
    ($r) = ask_all();
    ok(!$r->{ok}, "$file gone: an error ($r->{error}{code})");
}

lay(sub { });
my @again = ask_all();
for my $r (@again, @whole) {
    delete @$r{qw(took_ms generation next)};
}
is_deeply(\@again, \@whole, 'the whole index again: the same answers');
$d->{excused} = qr/libxapian/; # which reads damaged blocks as they come, at the cost of a worker
is($d->stop, 0, 'the daemon has lived through all of it');
done_testing;
