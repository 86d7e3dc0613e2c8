using System.Globalization;
using System.Text.Json.Nodes;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnosing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Passes;

namespace CortexMl.Runs;

/// <summary>What a user says about a run; what is null is looked for.</summary>
public sealed record RunHints
{
    public string? Data { get; init; }

    public string? Test { get; init; }

    public string? Labels { get; init; }

    /// <summary>What is said of the preparation; it is where doctor starts.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;
}

/// <summary>
/// A run file for a network: input shapes from the network, data and labels from what lies beside it, the preparation from what doctor
/// finds. Every guess says in a comment where it comes from.
/// </summary>
public static class RunGuess
{
    private const int DoctorSamples = 200, ManySamples = 256;

    /// <param name="path">Of a float network.</param>
    /// <param name="options">How it is read; with its shapes, where nothing else tells them.</param>
    /// <param name="folder">Of the run file: paths in it are relative to this.</param>
    /// <param name="ask">Question and guess ⇒ answer; empty for none.</param>
    /// <param name="cancellation">Ends what doctor tries.</param>
    /// <exception cref="DiagnosticException">CML0924 no float network; what reading it and the data finds.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static RunFile Of(
        string path, ModelOptions options, RunHints hints, string folder, Func<string, string, string> ask, DiagnosticBag notes,
        IProgressSink progress, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (ModelLoader.IsCompiled(path))
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{path}' is compiled already",
                hint: "pass the float model that it was compiled from");
        var beside = DataBeside.Of(path);
        string data = ask(RunQuestions.Data, hints.Data ?? beside.Calibration ?? "");
        string test = ask(RunQuestions.Test, hints.Test ?? beside.TestOf(data) ?? "");
        string labels = test.Length == 0 ? "" : ask(RunQuestions.Labels, hints.Labels ?? beside.LabelsOf(test) ?? "");
        string shown = data.Length > 0 ? data : test;
        var model = ModelLoader.Load(path, options with
        {
            ShapeOfData = input => shown.Length > 0 ? DataShape.Of(new(shown) { Preprocessing = hints.Preprocessing }, input) : null,
        }, notes);
        if (model.IsInteger) throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{path}' is an integer graph",
            hint: "pass a float model");
        List<RunMember> members = [new(RunFile.ModelMember, Relative(path, folder)), Inputs(model)];
        if (data.Length > 0)
        {
            members.Add(Told("data", Relative(data, folder), hints.Data is null ? "found beside the model" : null));
            members.Add(Told("samples", ManySamples, "the first of them; 100 to 500 are enough"));
        }
        else members.Add(Told("randomData", 8, "no data were found: random inputs only show whether the network compiles"));
        if (shown.Length > 0)
            members.AddRange(Preparation(path, options, hints, shown, test, labels, model, ask, notes, progress, cancellation));
        if (test.Length > 0)
        {
            members.Add(Told("test", Relative(test, folder), hints.Test is null ? "found beside the model" : null));
            if (labels.Length > 0) members.Add(new("labels", Relative(labels, folder)));
        }
        members.Add(new("output", Relative(ask(RunQuestions.Output, Path.Combine(folder, "out")), folder)));
        return new(members);
    }

    private static RunMember Inputs(Model model)
    {
        var shapes = new JsonObject();
        foreach (var (name, shape) in model.Inputs) shapes[name] = new JsonArray([.. shape.Select(dim => (JsonNode)dim)]);
        return Told("input", shapes, "name and shape of each input, batch 1");
    }

    private static IEnumerable<RunMember> Preparation(
        string path, ModelOptions options, RunHints hints, string shown, string test, string labels, Model model,
        Func<string, string, string> ask, DiagnosticBag notes, IProgressSink progress, CancellationToken cancellation)
    {
        string guess = hints.Preprocessing.ToString(), why = "as given";
        var labelled = new DataOptions(test) { Labels = labels.Length > 0 ? labels : null, Preprocessing = hints.Preprocessing };
        if (test.Length > 0 && HasLabels(labelled, model))
        {
            var report = Doctor.Run(path, options, labelled, DoctorSamples, notes, progress, cancellation);
            (guess, why) = (report.Best.Options, string.Create(CultureInfo.InvariantCulture,
                $"doctor: {report.Best.Top1:P1} of {Counted.Of(report.Samples, "sample")} rightly named with {report.Best.Preparation}"));
        }
        else if (guess.Length == 0 && new DataOptions(shown) is var unlabelled && IsBytes(unlabelled, model))
            (guess, why) = (Preparable(unlabelled, model, "--scale 1/255"),
                "a guess: pixels of 8 bits; labels would tell (cortexml doctor)");
        string said = ask(RunQuestions.Preparation, guess);
        bool isFirst = true;
        foreach (var member in PreparationMembers.Of(said))
        {
            yield return isFirst && said == guess ? member with { Comment = [why] } : member;
            isFirst = false;
        }
    }

    private static bool HasLabels(DataOptions data, Model model) =>
        data.Labels is not null || SampleSource.Open(data, model.Inputs).Labels.Any(l => l is not null);

    /// <summary>Whether the first sample holds nothing but whole numbers up to 255, some of them above 1.</summary>
    private static bool IsBytes(DataOptions data, Model model)
    {
        if (First(data, model) is not { } sample) return false;
        var numbers = sample.Inputs[0].Data;
        return numbers.All(x => x >= 0 && x <= byte.MaxValue && x == MathF.Floor(x)) && numbers.Any(x => x > 1);
    }

    /// <summary>The preparation, with the other layout where only that fits the network.</summary>
    private static string Preparable(DataOptions data, Model model, string guess) =>
        First(data with { Preprocessing = Preprocessing.None }, model, strict: true) is not null ? guess : $"--layout nhwc {guess}";

    private static Sample? First(DataOptions data, Model model, bool strict = false)
    {
        foreach (var layout in (DataLayout?[])(strict ? [null] : [null, DataLayout.Nhwc]))
        {
            try
            {
                var preprocessing = data.Preprocessing with { Layout = layout ?? data.Preprocessing.Layout };
                var prepared = data with { Preprocessing = preprocessing, Limit = 1 };
                return SampleSource.Open(prepared, model.Inputs).ReadOne(0);
            }
            catch (DiagnosticException)
            {
                // Data of another form: the other layout may fit.
            }
        }
        return null;
    }

    private static RunMember Told(string name, JsonNode value, string? why) => new(name, value) { Comment = why is null ? [] : [why] };

    private static string Relative(string path, string folder) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}

/// <summary>A preparation as the command line spells it, as members of a run file.</summary>
internal static class PreparationMembers
{
    /// <summary><c>--scale 1/255 --mean 0.5,0.4 --invert</c> ⇒ scale, mean, invert.</summary>
    /// <exception cref="DiagnosticException">CML0807: a word that is no option.</exception>
    public static IEnumerable<RunMember> Of(string options)
    {
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                throw new DiagnosticException(DataCodes.Preprocessing, $"'{Printable.Name(words[i])}' is no option of the preparation",
                    hint: "write --scale 1/255 --mean 0.485,0.456,0.406");
            bool hasValue = i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal);
            yield return new(words[i][2..], hasValue ? Value(words[i + 1]) : true);
            if (hasValue) i++;
        }
    }

    private static JsonNode Value(string word) => word.Split(',') switch
    {
        [var only] => Single(only),
        var several => new JsonArray([.. several.Select(Single)]),
    };

    private static JsonNode Single(string word) => bool.TryParse(word, out bool flag) ? flag
        : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : word;
}
