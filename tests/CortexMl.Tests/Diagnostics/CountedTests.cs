using System.Numerics;
using CortexMl.Chain.Words;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 samples")]
    [InlineData(1, "1 sample")]
    [InlineData(2, "2 samples")]
    [InlineData(1000, "1000 samples")]
    public void One_is_singular_and_all_else_plural(long count, string text) => Assert.Equal(text, Counted.Of(count, "sample"));

    [Theory]
    [InlineData(1, "1 entry is")]
    [InlineData(2, "2 entries are")]
    public void A_plural_may_be_given_with_its_verb(int count, string text) =>
        Assert.Equal(text, Counted.Of(count, "entry is", "entries are"));

    [Fact]
    public void Numbers_beyond_64_bits_are_counted() =>
        Assert.Equal("18446744073709551616 bytes", Counted.Of(BigInteger.One << 64, "byte"));

    [Theory]
    [InlineData(1, "1 byte")]
    [InlineData(12345, "12,345 bytes")]
    public void People_get_groups_of_digits(long count, string text) => Assert.Equal(text, Counted.Grouped(count, "byte"));

    [Theory]
    [InlineData(1, "there is 1 node")]
    [InlineData(2, "there are 2 nodes")]
    public void There_agrees_with_the_number(int count, string text) => Assert.Equal(text, Counted.There(count, "node"));

    [Theory]
    [InlineData(1, 1, "1 of 1 sample has")]
    [InlineData(1, 3, "1 of 3 samples has")]
    [InlineData(2, 3, "2 of 3 samples have")]
    public void The_verb_agrees_with_the_part(int part, int all, string text) =>
        Assert.Equal(text, Counted.Part(part, all, "sample", "has", "have"));

    [Theory]
    [InlineData(1, 0, "an output of 1 byte does not fit 0 words; the call fails", "give the contract's output array 1 word")]
    [InlineData(33, 1, "an output of 33 bytes does not fit 1 word; the call fails", "give the contract's output array 2 words")]
    [InlineData(96, 2, "an output of 96 bytes does not fit 2 words; the call fails", "give the contract's output array 3 words")]
    public void A_short_output_array_is_told_in_words(int bytes, int words, string message, string hint)
    {
        var found = Assert.Single(Assert.Throws<DiagnosticException>(() => OutputWords.Write(new byte[bytes], words)).Diagnostics);
        Assert.Equal((message, hint), (found.Message, found.Hint));
    }
}
