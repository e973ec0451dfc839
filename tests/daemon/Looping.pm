# Looping.pm - clients that ask while the index changes, and what gives away an answer mixed of two states.
#
# State k of the index is revision k: one article, "a", and size(k) comments in a chain of replies, each saying `genk` in every
# text it has. So a reply that holds two different numbers, or whose counts are not those of its revision, is mixed. The
# client processes write a line to a pipe for each state they have come to, and at the end how many replies they got.
package Looping;
use strict;
use warnings;
use IO::Handle;
use IO::Select;
use JSON::PP ();
use Weft;

use constant LONGEST => 29;

sub size { return 10 + $_[0] * 7 % (LONGEST - 9) }

# The records of state k, as lines. Dates go up, so that thread order is that of the numbers. What state k - 1 has more is deleted.
sub records {
    my ($k) = @_;
    my $json = JSON::PP->new->canonical;
    my %of   = (rev => $k, author => "author gen$k");
    my $n    = size($k);
    return map { $json->encode($_) . "\n" }
        {%of, type => 'article', id => 'a', title => "bridge gen$k", body => "toll gen$k", date => 1000},
        (map { {%of, type => 'comment', id => "c$_", article => 'a', $_ > 1 ? (parent => 'c' . ($_ - 1)) : (), body => "toll ferry gen$k",
            date => 1000 + 60 * $_} } 1 .. $n),
        map { {type => 'delete', ref => "comment:c$_", rev => $k} } $n + 1 .. LONGEST;
}

sub write_records {
    my ($path, $k) = @_;
    open(my $fh, '>', $path) or die "$path: $!\n";
    print $fh records($k);
    close $fh or die "$path: $!\n";
}

# Each with what its count of hits has more than there are comments.
my @questions = (
    ['search limit=5 -- toll', 1], ['search limit=3 offset=4 sort=oldest -- ferry', 0], ['search context=line -- bridge ferry', 0],
    ['count totals=exact -- ferry', 0], ['thread ref=comment:c2'], ['get ref=comment:c10'], ['status'], ['search limit=2 -- "toll ferry"', 0],
    ['count -- under:c1', -1], ['search limit=3 sort=newest -- toll', 1],
);

# How many comments a hit says there are, each way it says so.
sub sizes_of_hit {
    my ($hit) = @_;
    my @n = $hit->{thread}{comments};
    return @n unless $hit->{ref} =~ /^comment:c(\d+)/;
    push @n, $hit->{replies}{all} + $1 if $hit->{replies};
    push @n, 'ancestors' if $hit->{ancestors} && @{$hit->{ancestors}} + $hit->{omitted} != $1 - 1;
    return @n;
}

# What is wrong with the reply to a question; '' when nothing is.
sub fault {
    my ($question, $line) = @_;
    my ($asked, $more) = @$question;
    return "no reply to $asked" unless defined $line;
    my $r = JSON::PP->new->utf8->decode($line);
    return "error: $asked: $line" unless $r->{ok};
    my %k = map { $_ => 1 } $r->{revision}, $line =~ /gen(\d+)/g;
    my @n = map { sizes_of_hit($_) } @{$r->{hits} || []};
    push @n, $asked eq 'status' ? $r->{comments} : (), $asked =~ /^thread/ ? $r->{total} : (), defined $more ? $r->{total}{hits} - $more : ();
    my $want = size($r->{revision});
    return '' if keys %k == 1 && !grep { $_ ne $want } @n;
    return 'mixed (' . join(',', sort keys %k) . "; @n): $asked: " . substr($line, 0, 500);
}

# Ask n questions at a time, from the one given on, until the file `stop` is there. The state of a reply to a question
# asked alone is never before that of the one before.
sub ask_on {
    my ($d, $stop, $from, $n, $out) = @_;
    my ($c, $replies, $newest) = ($d->connect, 0, 0);
    while (!-e $stop) {
        my @asked = map { $questions[$from++ % @questions] } 1 .. $n;
        $c->send(join '', map {"$_->[0]\n"} @asked);
        for my $question (@asked) {
            my $line  = $c->line;
            my $fault = fault($question, $line);
            my ($revision) = ($line // '') =~ /"revision":(\d+)/;
            $fault ||= "back from $newest to $revision" if $n == 1 && ($revision // 0) < $newest;
            print $out "fault $fault\n" if $fault;
            return print $out "replies $replies\n" unless defined $line;
            print $out "at $revision\n" if ($revision // 0) > $newest;
            $newest = $revision if ($revision // 0) > $newest;
            $replies++;
        }
    }
    return print $out "replies $replies\n";
}

# Four clients of a daemon: two ask one at a time, two several.
sub start {
    my ($class, $d) = @_;
    my $self = bless {dir => File::Temp->newdir, faults => [], replies => 0, clients => []}, $class;
    my $from = 0;
    for my $n (1, 1, 3, 8) {
        pipe(my $in, my $out) or die "pipe: $!\n";
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            $out->autoflush(1);
            POSIX::nice(10);    # decoding takes most of the time: the programs under test go first
            eval { ask_on($d, "$self->{dir}/stop", $from, $n, $out) } or print $out "fault $@\n";
            POSIX::_exit(0);
        }
        close $out;
        push @{$self->{clients}}, {pid => $pid, in => $in, buffer => '', at => 0};
        $from += 2;
    }
    return $self;
}

# Take in what one client has written; false at its end.
sub hear {
    my ($self, $c) = @_;
    die "waited $Weft::GUARD s for a client\n" unless IO::Select->new($c->{in})->can_read($Weft::GUARD);
    my $n = sysread($c->{in}, $c->{buffer}, 1 << 16, length $c->{buffer});
    while ($c->{buffer} =~ s/^(\w+) (.*)\n//) {
        push @{$self->{faults}}, $2 if $1 eq 'fault';
        $self->{replies} += $2 if $1 eq 'replies';
        $c->{at} = $2 if $1 eq 'at';
    }
    return $n;
}

# Wait until every client has got a reply of state k or a later one.
sub reach {
    my ($self, $k) = @_;
    for my $c (@{$self->{clients}}) {
        while ($c->{at} < $k) {
            return 0 unless $self->hear($c);
        }
    }
    return 1;
}

sub stop {
    my ($self) = @_;
    open(my $fh, '>', "$self->{dir}/stop") or die;
    for my $c (@{$self->{clients}}) {
        1 while $self->hear($c);
        waitpid($c->{pid}, 0);
    }
    return $self;
}

1;
