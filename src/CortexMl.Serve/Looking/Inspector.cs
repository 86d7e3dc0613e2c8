using System.Globalization;
using System.Text.Json.Nodes;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnosing;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Runs;
using CortexMl.Serve.Jobs;
using CortexMl.Tensors;
using Prepared = CortexMl.Data.Preprocess.Preprocessing;

namespace CortexMl.Serve.Looking;

/// <summary>Looks at a job's files: what init guesses, what doctor finds, and what compiling would refuse.</summary>
internal static class Inspector
{
    private const int DoctorSamples = 100, MostFindings = 6;

    private const long MaxMemory = 2L << 30;

    /// <exception cref="DiagnosticException">CML1105 no model; CML1101, CML1102. What is wrong with a model is told.</exception>
    public static Inspection Look(Job job, JobWish wish)
    {
        string path = ModelChoice.Of(job, wish.Model);
        var found = new Inspection(Path.GetRelativePath(job.Files, path).Replace('\\', '/'), ModelChoice.All(job));
        var notes = new DiagnosticBag();
        try
        {
            found = Guess(job, path, wish, found, notes);
            found = found with { Refusals = Refusals(path, Reading(JobWish.PathIn(job, found.Data ?? found.Test))) };
            if (found.Test is not null) found = Diagnosed(job, path, found, notes);
        }
        catch (DiagnosticException error)
        {
            found = found with { Refusals = [.. error.Diagnostics.Select(Told.Of)] };
        }
        return found with
        {
            Refusals = [.. found.Refusals.Select(told => told.Within(job))],
            Notes = [.. notes.Items.Select(Told.Of).Select(told => told.Within(job))],
        };
    }

    /// <summary>How a model is read beside these data.</summary>
    public static ModelOptions Reading(string? data) => new()
    {
        MaxMemory = MaxMemory, ShapeOfData = input => data is null ? null : DataShape.Of(new(data), input),
    };

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The guesses of <c>cortexml init</c>, without what takes time.</summary>
    private static Inspection Guess(Job job, string path, JobWish wish, Inspection found, DiagnosticBag notes)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        var hints = new RunHints
        {
            Data = JobWish.PathIn(job, wish.Data), Test = JobWish.PathIn(job, wish.Test), Labels = JobWish.PathIn(job, wish.Labels),
        };
        RunGuess.Of(path, new() { MaxMemory = MaxMemory }, hints, job.Folder, Ask, new(), NoProgress.Instance);
        string? data = Said(wish.Data, RunQuestions.Data), test = Said(wish.Test, RunQuestions.Test);
        string? shown = JobWish.PathIn(job, data ?? test);
        var model = ModelLoader.Load(path, Reading(shown), notes);
        var fit = shown is null ? Prepared.None : SampleFit.Of(model, shown);
        string guess = fit == Prepared.None ? said.GetValueOrDefault(RunQuestions.Preparation, "") : fit.ToString();
        return found with
        {
            Inputs = [.. model.Inputs.Select(input => new PortView(input.Name, [.. input.Shape]))],
            Outputs = [.. model.Outputs.Select(output => new PortView(output.Name, output.Shape))],
            Operators =
            [
                .. model.Graph.Operations.Where(o => o.Constant is null).GroupBy(o => o.Spec.Name, StringComparer.Ordinal)
                    .Select(same => new OperatorView(same.Key, same.Count()))
                    .OrderByDescending(o => o.Count).ThenBy(o => o.Name, StringComparer.Ordinal),
            ],
            Parameters = model.Graph.Constants.Sum(o => o.Results[0].Type.Shape.Count),
            Data = data,
            Test = test,
            Labels = test is null ? null : Said(wish.Labels, RunQuestions.Labels),
            Preparation = Members(PreparationMembers.Of(guess)),
            Why = shown is null ? "" : fit == Prepared.None ? "A guess; labels would tell." : "A guess: cut to the size that the network takes.",
            Picture = model.Inputs is [var only] ? PictureShape.Of(only.Shape) : null,
        };

        // Labels would make it ask doctor, which is asked later, for all that it found.
        string Ask(string question, string guess)
        {
            if (guess.Length == 0 && question == RunQuestions.Data && OnlyPictures(job) is { } folder) guess = folder;
            said[question] = guess;
            return question == RunQuestions.Labels ? "" : guess;
        }

        // An empty word says that there shall be none.
        string? Said(string? wished, string question) => wished is "" ? null : Named(question);

        string? Named(string question) => said.GetValueOrDefault(question) is { Length: > 0 } file
            ? Path.GetRelativePath(job.Files, file).Replace('\\', '/') : null;
    }

    /// <summary>The folder of pictures, whatever it is called, where there is one alone; null else.</summary>
    private static string? OnlyPictures(Job job)
    {
        string[] folders =
        [
            .. job.Uploads.Files.Where(file => file.Contains('/') && ImageFile.HasImageName(file)).Select(file => file.Split('/')[0])
                .Distinct(StringComparer.Ordinal),
        ];
        return folders is [var only] ? Path.Combine(job.Files, only) : null;
    }

    /// <summary>What the passes before calibration have against the network.</summary>
    private static IReadOnlyList<Told> Refusals(string path, ModelOptions options)
    {
        try
        {
            Graph graph = ModelLoader.Load(path, options).Graph;
            var pipeline = Optimizer.PipelineOf(graph.Level, Pipeline.Parse(DefaultPipeline.Name), [], stopAfter: "check-forms");
            Optimizer.Run([graph], pipeline, [], [], new(), new(), NoProgress.Instance);
            return [];
        }
        catch (DiagnosticException error)
        {
            return [.. error.Diagnostics.Select(Told.Of)];
        }
    }

    private static Inspection Diagnosed(Job job, string path, Inspection found, DiagnosticBag notes)
    {
        try
        {
            var data = new DataOptions(JobWish.PathIn(job, found.Test)!)
            {
                Labels = JobWish.PathIn(job, found.Labels), Preprocessing = Prepared.FromJson(found.Preparation.ToJsonString()),
            };
            var report = Doctor.Run(path, Reading(data.Path), data, DoctorSamples, notes, NoProgress.Instance);
            return found with
            {
                Preparation = Members(PreparationMembers.Of(report.Best.Options)),
                Why = $"Doctor, with {Counted.Of(report.Samples, "sample")}: {report.Verdict}.",
                Findings =
                [
                    .. report.Findings.Take(MostFindings).Select(f => new FindingView(f.Preparation, f.Options,
                        Members(PreparationMembers.Of(f.Options)), f.Labels, f.Top1, f == report.Best)),
                ],
            };
        }
        catch (DiagnosticException error)
        {
            notes.AddRange(error.Diagnostics.Select(d => d with { Severity = Severity.Note }));
            return found;
        }
    }

    /// <summary>As <see cref="Prepared.FromJson"/> reads them: numbers in place of 1/255, lists where there are lists.</summary>
    private static JsonObject Members(IEnumerable<RunMember> members)
    {
        var result = new JsonObject();
        foreach (var member in members)
        {
            bool isList = member.Name is "mean" or "std";
            var value = member.Value is JsonArray list ? new JsonArray([.. list.Select(Number)]) : Number(member.Value);
            result[member.Name] = isList && value is not JsonArray ? new JsonArray(value) : value;
        }
        return result;
    }

    private static JsonNode? Number(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? word)
        && word.Contains('/', StringComparison.Ordinal) ? JsonValue.Create(ScalarText.Parse(word)) : value?.DeepClone();
}
