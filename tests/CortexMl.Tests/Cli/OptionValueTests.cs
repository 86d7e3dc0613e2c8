using System.CommandLine;
using CortexMl.Cli;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Values of options that cannot be meant: every option of every command, by the real command.</summary>
public sealed class OptionValueTests
{
    private static readonly IReadOnlyList<(string[] Words, Option Option)> s_options = [.. Options(CommandLine.Root(NoTerminal()), [])];

    /// <summary>Each option that takes a number, and each that takes one of some words, with the words that lead to it.</summary>
    public static TheoryData<string, string> Numbers => Of(OptionValues.IsNumber);

    public static TheoryData<string, string> Lists => Of(option => OptionValues.Words(option).Count > 0);

    [Fact]
    public void Options_of_both_kinds_are_found_in_the_tree_of_commands()
    {
        Assert.Contains(s_options, o => o.Words is ["chain", "pack"] && o.Option.Name == "--author-gas" && OptionValues.IsNumber(o.Option));
        Assert.Contains(s_options, o => o.Words is ["run"] && o.Option.Name == "--input-scale" && OptionValues.IsNumber(o.Option));
        Assert.Contains(s_options, o => o.Words is ["compile"] && o.Option.Name == "--random-params" && OptionValues.IsNumber(o.Option));
        string[] formats = ["assembly", "dot", "html", "kernels", "onnx", "onnx-integer", "ptx", "svg", "text"];
        Assert.Equal(formats, OptionValues.Words(Find("print", "--format")).Order(StringComparer.Ordinal));
        string[] sets = [.. OptionValues.Words(Find("bench", "--instructions")).Order(StringComparer.Ordinal)];
        string[] known =
            ["auto", "avx2", "avxvnni", "codeamx", "codeavx2", "codeavx512", "codeavx512vnni", "codeavxvnni", "neondot", "portable"];
        Assert.Equal(known, sets);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_is_no_number_is_told_without_the_name_of_a_type(string command, string option)
    {
        foreach (string value in (string[])["abc", "x\u001b[31m", "", "1,5", "0x10", "99999999999999999999999999999999999x"])
        {
            var run = CliRun.Of([.. command.Split(' '), option, value]);
            Assert.Equal((2, ""), (run.Exit, run.Output));
            string shown = value.Replace("\u001b", "\\u{1b}", StringComparison.Ordinal);
            string start = $"error CML0940: {option} '{shown}': ";
            string line = Assert.Single(run.Error.Split('\n'), l => l.StartsWith(start, StringComparison.Ordinal));
            Assert.Matches("': a (whole )?number( (from|above|up to) [^A-Za-z]+( to [0-9]+)?)? is needed$", line);
            HasNoType(run.Error);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_that_no_type_holds_is_out_of_range(string command, string option)
    {
        bool isReal = Find(command, option).ValueType == typeof(double?);
        string value = isReal ? "1e999" : "99999999999999999999999999999999999";
        var run = CliRun.Of([.. command.Split(' '), option, value]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Single(run.Error.Split('\n'), l => l.StartsWith($"error CML0934: {option} {value}: a ", StringComparison.Ordinal));
        HasNoType(run.Error);
    }

    [Theory]
    [InlineData("compile --input-precision abc", "error CML0940: --input-precision 'abc': a whole number from 2 to 16 is needed")]
    [InlineData("compile --output-precision 2.5", "error CML0940: --output-precision '2.5': a whole number from 2 to 30 is needed")]
    [InlineData("compile --random-params x", "error CML0940: --random-params 'x': a whole number is needed")]
    [InlineData("compile --random-data ten", "error CML0940: --random-data 'ten': a whole number from 1 is needed")]
    [InlineData("bench --batch a", "error CML0940: --batch 'a': a whole number from 1 is needed")]
    [InlineData("bench --batch 0", "error CML0934: --batch 0: a whole number from 1 is needed")]
    [InlineData("run --threads 3000000000", "error CML0934: --threads 3000000000: a whole number from 0 to 2147483647 is needed")]
    [InlineData("run --input-scale 1,5", "error CML0940: --input-scale '1,5': a number above 0 is needed")]
    [InlineData("chain pack --author-gas -1", "error CML0934: --author-gas -1: a whole number from 0 to 18446744073709551615 is needed")]
    [InlineData("chain simulate --output-words 2000000",
        "error CML0934: --output-words 2000000: a whole number from 0 to 1048576 is needed")]
    [InlineData("ops --export onnx", "error CML0940: --export 'onnx': onnx-integer is needed")]
    [InlineData("run --threads", "error CML0940: --threads: its value is missing\n  help: write --threads N")]
    [InlineData("run --threads 1 --threads 2", "error CML0940: --threads is given 2 times; once is allowed")]
    public void A_value_is_told_with_what_is_allowed(string line, string expected) =>
        Assert.Contains(expected + "\n", CliRun.Of(line.Split(' ')).Error);

    [Fact]
    public void All_values_of_a_command_line_are_told()
    {
        var run = CliRun.Of("compile", "x.cml", "-o", "out", "--input-precision", "a", "--output-precision", "99", "--layout", "nchv");
        Assert.Equal("""
            error CML0940: --input-precision 'a': a whole number from 2 to 16 is needed
            error CML0934: --output-precision 99: a whole number from 2 to 30 is needed
            error CML0940: --layout 'nchv': nchw or nhwc is needed
              help: did you mean 'nchw'?
              help: cortexml compile --help

            """, run.Error);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_misspelt_word_of_a_list_is_answered_with_the_one_that_is_meant(string command, string option)
    {
        foreach (string word in OptionValues.Words(Find(command, option)))
        {
            var run = CliRun.Of([.. command.Split(' '), option, word + "x"]);
            Assert.Equal((2, ""), (run.Exit, run.Output));
            Assert.Contains($"error CML0940: {option} '{word}x': ", run.Error);
            Assert.Contains($" is needed\n  help: did you mean '{word}'?\n", run.Error);
            HasNoType(run.Error);
        }
    }

    [Theory]
    [InlineData("print m --format onx", "onnx")]
    [InlineData("run m --layout nchv", "nchw")]
    [InlineData("opt m --dump-ir chnge", "change")]
    [InlineData("ops --frontend onxx", "onnx")]
    [InlineData("bench m --instructions avx", "avx2")]
    [InlineData("run m --profile definiton", "definition")]
    [InlineData("run m --data d --dtype u88", "u8")]
    public void The_nearest_word_is_meant(string line, string word) =>
        Assert.Contains($"did you mean '{word}'?", CliRun.Of(line.Split(' ')).Error);

    private static void HasNoType(string error)
    {
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("CortexMl.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("expected type", error, StringComparison.Ordinal);
    }

    private static Option Find(string command, string option) =>
        s_options.Single(o => string.Join(' ', o.Words) == command && o.Option.Name == option).Option;

    private static TheoryData<string, string> Of(Func<Option, bool> isWanted)
    {
        var data = new TheoryData<string, string>();
        foreach (var (words, option) in s_options.Where(o => o.Words.Length > 0 && isWanted(o.Option)))
            data.Add(string.Join(' ', words), option.Name);
        return data;
    }

    private static IEnumerable<(string[] Words, Option Option)> Options(Command command, string[] words) =>
        command.Options.Select(option => (words, option)).Concat(command.Subcommands.SelectMany(sub => Options(sub, [.. words, sub.Name])));

    internal static Session NoTerminal() => new(new Terminal(Stream.Null, Stream.Null, TextWriter.Null, interactive: false, colors: false));
}
