#!/usr/bin/perl
# damaged.t - the index is taken away, damaged or replaced under a running daemon: each request has one clear error, no process
# dies of it, and answers come again when the index is whole.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use JSON::PP ();
use Weft;

srand(20130503);
my $tmp     = File::Temp->newdir;
my $indexer = "$Weft::B/weft-indexer";
my $i       = "$tmp/i";

sub run { system(@_) == 0 or die "@_: $?\n" }

# An index of 30 conversations whose every text says the word.
sub build {
    my ($word) = @_;
    my $json = JSON::PP->new->canonical;
    open(my $fh, '>', "$tmp/records") or die;
    for my $n (1 .. 30) {
        print $fh $json->encode({type => 'article', id => "a$n", title => "$word $n", body => "bridge $word " x 20}), "\n";
        print $fh $json->encode({type => 'comment', id => "c$n-$_", article => "a$n", $_ > 1 ? (parent => "c$n-" . ($_ - 1)) : (),
            author => "author $_", date => 1000 * $_, body => join ' ', 'ferry', $word, map { "w$n$_" } 30 * $_ .. 30 * $_ + 29}), "\n" for 1 .. 10;
    }
    close $fh;
    run($indexer, 'build', '-q', '-i', $i, "$tmp/records");
    return;
}

build('old');
my $d = Weft->start(index => $i, program => "$Weft::B/weft-searchd", args => ['--workers', 1]);
my ($worker) = $d->workers;

sub fails {
    my ($code, $pattern, $name) = @_;
    my $r = $d->ask('search id=5 -- ferry');
    is_deeply([$r->{id}, $r->{ok}, $r->{error}{code}], [5, JSON::PP::false, $code], "$name: $code, with the id");
    like($r->{error}{message}, $pattern, "$name: which says so");
    return;
}

sub answers {
    my ($word, $name) = @_;
    my $r = $d->ask("search context=full totals=exact -- ferry $word");
    ok($r->{ok} && $r->{total}{hits} == 300 && $r->{hits}[0]{article}{title} =~ /^$word /, "$name: answers")
        or diag(JSON::PP->new->encode($r));
    return;
}

answers('old', 'at first');

# Taken away, and made anew with the same number of the generation and of the revision.
run('rm', '-rf', $i);
fails('not_found', qr/^no index at '\Q$i\E': fill it with 'weft-indexer build /, 'taken away');
build('new');
answers('new', 'made anew');
run('rm', '-rf', $i);
build('newer');
answers('newer', 'made anew between two requests');

# A link to nowhere, and back.
rename("$i/gen-1", "$i/away") or die;
my $r = $d->ask('search id=6 -- ferry');
ok(!$r->{ok} && $r->{id} == 6 && $r->{error}{code} eq 'corrupt', 'the generation is not there: corrupt');
rename("$i/away", "$i/gen-1") or die;
answers('newer', 'there again');
run('ln', '-sfn', 'elsewhere', "$i/current");
fails('corrupt', qr{\Q$i\E/current: does not point to a generation}, 'a link to elsewhere');
run('ln', '-sfn', 'gen-1', "$i/current");
answers('newer', 'a link to it again');

# A newer weft has built the next generation.
build('newest');
run('cp', "$i/weft.json", "$tmp/weft.json");
run('sed', '-i', 's/"glass"/"glass", "time-travel"/', "$i/weft.json");
fails('corrupt', qr/'time-travel'/, 'a feature that this weft does not know');
run('cp', "$tmp/weft.json", "$i/weft.json");
answers('newest', 'features as known');
is_deeply([$d->workers], [$worker], 'no worker has died of all this');
is($d->stop, 0, 'exit status');

# Bytes flipped. glass has no checksums, so damage may pass for something else; it may not end a process or hang it.
my @questions = ('search context=full -- ferry', 'search -- "ferry newest"', 'count totals=exact -- bridge OR ferry', 'thread ref=article:a7',
    'get ref=comment:c9-3', 'search sort=newest -- author:"author 3"', 'search -- under:c3-1', 'status');
# Not `changed`: nothing changes here, and to try again is no use.
my %known = map { $_ => 1 } qw(corrupt io not_found no_memory internal);
my %codes = (corrupt => 0);

sub damage {
    my ($file, $how) = @_;
    run('rm', '-rf', "$tmp/d");
    run('cp', '-a', $i, "$tmp/d");
    my ($path) = glob "$tmp/d/gen-2/$file";
    open(my $fh, '+<', $path) or die "$path: $!\n";
    local $/;
    my $bytes = <$fh>;
    $how->($bytes);
    seek($fh, 0, 0);
    print $fh $bytes;
    truncate($fh, length $bytes);
    close $fh;
    return;
}

sub ask_damaged {
    my ($name) = @_;
    my $d = Weft->start(index => "$tmp/d", program => "$Weft::B/weft-searchd", args => ['--workers', 1]);
    my $c = $d->connect;
    my ($errors, $unclear) = (0, '');
    for my $question (@questions) {
        $c->send("$question\n");
        my $r = $c->reply or return fail("$name: no reply to $question");
        next if $r->{ok};
        $errors++;
        $codes{$r->{error}{code}}++;
        $unclear ||= JSON::PP->new->encode($r) unless ($r->{error}{message} // '') =~ /\w/ && $known{$r->{error}{code}};
    }
    is($unclear, '', "$name: $errors of " . @questions . ' requests have an error, each a clear one');
    # glass has no checksums: libxapian may crash on what was damaged, and that costs a worker and its request, no more.
    my $died = () = $d->log =~ /event=worker_(?:died|killed|stops)/g;
    cmp_ok($died, '<=', $errors, "$name: a worker that dies is told by its request's error");
    my $status = $d->stop;
    ok($status == 0 || $status == 99 && $d->log =~ /libxapian/, "$name: the daemon ends well (a sanitizer's report is libxapian's)")
        or diag("status $status");
    return $errors;
}

for my $file (qw(postlist.glass docdata.glass)) {
    damage($file, sub { $_[0] = "\xff" x length $_[0] });
    is(ask_damaged("$file overwritten") > 0, 1, "$file overwritten: errors");
    damage($file, sub { $_[0] = substr($_[0], 0, length($_[0]) / 2) });
    ask_damaged("$file cut in half");
    for my $n (1 .. 8) {
        my @at;
        damage($file, sub { @at = map { int rand length $_[0] } 1 .. 60; substr($_[0], $_, 1) ^= "\xa5" for @at });
        ask_damaged("$file, bytes flipped, $n");
    }
}
cmp_ok($codes{corrupt}, '>', 0, 'damage is called damage: ' . join ', ', map {"$codes{$_} $_"} sort keys %codes);
done_testing();
