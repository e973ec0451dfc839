# Records.pm - what `weft-indexer convert` makes of an input, for the tests of readers.
#
#     my $run = converted(\$bytes, '--format', 'json');       # {status, out, err, records}; or the path of a file
#     is_deeply(tree($run), ['a1: c1(c2 c3) c4']);            # articles and, in the order of the input, their comments
#     is_deeply(figures($run), {articles => 1, ...});
package Records;
use strict;
use warnings;
use lib 'tests/cases';
use Cases ();
use Exporter 'import';
use File::Temp ();
use JSON::PP ();

our @EXPORT = qw(converted record tree figures shared_file);
our $DATA   = ($ENV{WEFT_SHARED} || '../shared') . '/data';
my $folder  = File::Temp->newdir;
my $files   = 0;

# Bytes in a new file; its path. The name counts for "@file".
sub file_of {
    my ($bytes, $name) = @_;
    my $path = "$folder/" . $files++;
    mkdir $path;
    $path .= '/' . ($name // 'in.json');
    open(my $fh, '>:raw', $path) or die "$path: $!\n";
    print $fh $bytes;
    close($fh) or die "$path: $!\n";
    return $path;
}

sub converted {
    my ($input, @options) = @_;
    my $file = ref $input ? file_of($$input) : $input;
    my $run = Cases::run_program("$Cases::B/weft-indexer", 'convert', @options, $file);
    my $json = JSON::PP->new;
    $run->{records} = [map { $json->decode($_) } split /\n/, $run->{out}];
    $run->{err} =~ s/\Q$file\E/FILE/g;
    return $run;
}

# The record of an id.
sub record {
    my ($run, $id) = @_;
    my ($found) = grep { $_->{id} eq $id } @{$run->{records}};
    return $found;
}

sub comments { return grep { $_->{type} eq 'comment' } @{$_[0]{records}} }

# Under whom each comment hangs: the parent when it is there, else the article.
sub children_of {
    my ($run) = @_;
    my %is = map { $_->{id} => 1 } comments($run);
    my %children;
    for my $c (comments($run)) {
        my $parent = $c->{parent} // '';
        push @{$children{$parent ne $c->{id} && $is{$parent} ? "c $parent" : "a $c->{article}"}}, $c->{id};
    }
    return \%children;
}

sub branch {
    my ($children, $key) = @_;
    return join ' ', map { $children->{"c $_"} ? "$_(" . branch($children, "c $_") . ')' : $_ } @{$children->{$key} // []};
}

sub tree {
    my ($run) = @_;
    my $children = children_of($run);
    my %seen;
    my @articles = grep { !$seen{$_}++ } (map { $_->{id} } grep { $_->{type} eq 'article' } @{$run->{records}}), map { $_->{article} } comments($run);
    return [map { my $b = branch($children, "a $_"); $b eq '' ? $_ : "$_: $b" } @articles];
}

sub deepest {
    my ($children, @level) = @_;
    my $depth = 0;
    while (@level) {
        $depth++;
        @level = map { @{$children->{"c $_"} // []} } @level;
    }
    return $depth;
}

# Depth counts levels: 1 when nothing is answered, as in the README of the real files.
sub figures {
    my ($run) = @_;
    my @comments = comments($run);
    my (%ids, %articles);
    $ids{$_->{id}}++ for @comments;
    $articles{$_->{article}} = 1 for @comments;
    my $children = children_of($run);
    return {
        articles => scalar(grep { $_->{type} eq 'article' } @{$run->{records}}),
        comments => scalar @comments,
        threads  => scalar keys %articles,
        depth    => deepest($children, map { @{$children->{"a $_"} // []} } keys %articles),
        orphans  => scalar(grep { defined $_->{parent} && $_->{parent} ne $_->{article} && !$ids{$_->{parent}} } @comments),
        twice    => scalar(grep { $_ > 1 } values %ids),
        deleted  => scalar(grep { $_->{deleted} } @comments),
        nameless => scalar(grep { !defined $_->{author} } @comments),
    };
}

# A real file; nothing when it is not here.
sub shared_file {
    my ($path) = @_;
    return -r "$DATA/$path" ? "$DATA/$path" : undef;
}

1;
