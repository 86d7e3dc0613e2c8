using System.Text.RegularExpressions;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Streaming;

/// <summary>Which outputs of a network are inputs of its next run: as somebody says, or by their names and shapes.</summary>
internal static partial class StatePairs
{
    /// <summary>Words that tell a state that comes from one that goes, and no more.</summary>
    private static readonly HashSet<string> s_sides = new(StringComparer.Ordinal)
    {
        "in", "input", "out", "output", "old", "new", "prev", "previous", "next", "past", "present", "last", "cur", "current", "init",
        "initial", "final", "n",
    };

    private delegate string? StemOf(string name);

    /// <summary>Data of a stream with all states of a network; other data as they are.</summary>
    /// <param name="notes">Receives which states were found.</param>
    /// <exception cref="DiagnosticException">CML0988.</exception>
    public static DataOptions In(DataOptions data, Model model, DiagnosticBag notes)
    {
        if (data.States is not { } given) return data;
        if (model.Tail is not null)
            throw new DiagnosticException(
                LibraryCodes.States, $"'{model.Name}' is split: its outputs are none of the part that is compiled",
                hint: "leave --stream out, or compile it without --split-at");
        // A compiled model knows for which pairs it was calibrated.
        var states = Of(model, given.Count == 0 && model.Io is { States.Count: > 0 } io ? io.States : given);
        if (given.Count == 0)
            notes.Note(LibraryCodes.States, $"states from one sample to the next: {Listing.Of([.. states.Select(s => s.ToString())])}");
        return data with { States = states };
    }

    /// <summary>The same of all data that compiling reads.</summary>
    /// <exception cref="DiagnosticException">CML0988.</exception>
    public static CompileOptions In(CompileOptions options, Model model, DiagnosticBag notes) => options with
    {
        Data = options.Data is { } data ? In(data, model, notes) : null,
        Test = options.Test is { } test ? In(test, model, notes) : null,
    };

    /// <param name="given">Pairs that somebody named; none where they are to be found.</param>
    /// <returns>In the order of the inputs.</returns>
    /// <exception cref="DiagnosticException">CML0988: a name or size that does not fit, or no pair is found.</exception>
    public static IReadOnlyList<StatePair> Of(Model model, IReadOnlyList<StatePair> given)
    {
        var found = given.Count > 0 ? Checked(model, given) : Found(model);
        if (found.Count == 0)
            throw new DiagnosticException(LibraryCodes.States,
                $"'{model.Name}': no output looks like a state that an input takes: outputs {Outputs(model)}; inputs {Inputs(model)}",
                hint: "name each pair: --state OUTPUT=INPUT");
        return [.. found.OrderBy(pair => model.Inputs.ToList().FindIndex(i => i.Name == pair.Input))];
    }

    private static List<StatePair> Checked(Model model, IReadOnlyList<StatePair> given)
    {
        var errors = new DiagnosticBag();
        foreach (var pair in given)
        {
            string[] outputs = [.. model.Outputs.Select(o => o.Name)], inputs = [.. model.Inputs.Select(i => i.Name)];
            int from = Array.IndexOf(outputs, pair.Output), to = Array.IndexOf(inputs, pair.Input);
            if (from < 0) errors.Error(LibraryCodes.States, $"state {pair}: '{model.Name}' has no output '{pair.Output}'", null,
                Nearest.Hint(pair.Output, outputs, $"outputs are {Outputs(model)}"));
            if (to < 0) errors.Error(LibraryCodes.States, $"state {pair}: '{model.Name}' has no input '{pair.Input}'", null,
                Nearest.Hint(pair.Input, inputs, $"inputs are {Inputs(model)}"));
            if (from >= 0 && to >= 0 && Shape.Of(model.Outputs[from].Shape).Count != model.Inputs[to].Shape.Count)
                errors.Error(LibraryCodes.States,
                    $"state {pair}: the output is {Shape.Of(model.Outputs[from].Shape)}, the input takes {model.Inputs[to].Shape}");
        }
        foreach (var several in given.GroupBy(p => p.Input, StringComparer.Ordinal).Where(g => g.Count() > 1))
            errors.Error(LibraryCodes.States, $"input '{several.Key}' takes one state, not {several.Count()}");
        if (given.Select(p => p.Input).Distinct(StringComparer.Ordinal).Count() == model.Inputs.Count && !errors.HasErrors)
            errors.Error(LibraryCodes.States, $"every input of '{model.Name}' is a state: nothing is left for the data");
        errors.ThrowIfErrors();
        return [.. given];
    }

    /// <summary>
    /// Pairs of one shape, by what names have in common, numbers counted first and then not; then those of a shape that no other has. The
    /// first input and output are what is heard and what comes of it.
    /// </summary>
    private static List<StatePair> Found(Model model)
    {
        var inputs = model.Inputs.Select(i => (i.Name, i.Shape)).ToList();
        var outputs = model.Outputs.Select(o => (o.Name, Shape: Shape.Of(o.Shape))).ToList();
        var found = new List<StatePair>();
        foreach (var key in (StemOf[])[name => Stem(name, withNumbers: true), name => Stem(name, withNumbers: false), _ => ""])
        {
            bool byShape = key("a") == "";
            var (from, to) = byShape ? (outputs.Where(o => o != First(model.Outputs)), inputs.Where(i => i != model.Inputs[0]))
                : (outputs.AsEnumerable(), inputs.AsEnumerable());
            var made = to.GroupBy(i => (Stem: key(i.Name), i.Shape)).Where(g => g.Key.Stem is not null && g.Count() == 1)
                .Join(from.GroupBy(o => (Stem: key(o.Name), o.Shape)).Where(g => g.Count() == 1), i => i.Key, o => o.Key,
                    (i, o) => (Input: i.Single(), Output: o.Single()))
                .Where(p => !(p.Input == model.Inputs[0] && p.Output == First(model.Outputs)))
                .Select(p => new StatePair(p.Output.Name, p.Input.Name)).ToList();
            found.AddRange(made);
            inputs.RemoveAll(i => made.Exists(p => p.Input == i.Name));
            outputs.RemoveAll(o => made.Exists(p => p.Output == o.Name));
        }
        return found;

        static (string Name, Shape Shape) First(IReadOnlyList<ModelPort> outputs) => (outputs[0].Name, Shape.Of(outputs[0].Shape));
    }

    /// <summary>What a name says beside the side that it stands on; null where nothing is left. hn and h0 are h.</summary>
    private static string? Stem(string name, bool withNumbers)
    {
        string[] words = [.. Words().Matches(name).Select(word => word.Value.ToLowerInvariant())
            .Where(word => !s_sides.Contains(word) && (withNumbers || !char.IsAsciiDigit(word[0])))];
        if (!withNumbers && words is [.., { Length: 2 } last] && last[1] == 'n') words[^1] = last[..1];
        string stem = string.Join('_', words);
        return stem.Any(char.IsAsciiLetter) ? stem : null;
    }

    // conv_cache_out, stateN, h0
    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    private static string Outputs(Model model) => Listing.Of([.. model.Outputs.Select(o => $"{o.Name} {Shape.Of(o.Shape)}")]);

    private static string Inputs(Model model) => Listing.Of([.. model.Inputs.Select(i => $"{i.Name} {i.Shape}")]);
}
