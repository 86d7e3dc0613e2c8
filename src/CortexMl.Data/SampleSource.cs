using System.Globalization;
using CortexMl.Data.Classes;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Stored samples, preprocessed and shaped for the inputs of one network.</summary>
public sealed class SampleSource : ISampleSource
{
    private readonly IReadOnlyList<IRawSource> _sources;
    private readonly IReadOnlyList<Preprocessor> _preprocessors;
    private readonly IReadOnlyList<int>? _labels;
    private readonly Preprocessing _preprocessing;
    private readonly Func<IReadOnlyList<InputObserver>> _observe;
    private IReadOnlyList<InputObserver> _observers = [];
    private IReadOnlyList<InputFacts>? _seen;
    private IReadOnlyList<(string Name, Shape Shape)> _inputs = [];

    private SampleSource(
        IReadOnlyList<IRawSource> sources, IReadOnlyList<Preprocessor> preprocessors, IReadOnlyList<int>? labels, DataOptions options,
        Func<IReadOnlyList<InputObserver>> observe)
    {
        (_sources, _preprocessors, _labels, _preprocessing, _observe) = (sources, preprocessors, labels, options.Preprocessing, observe);
        Total = sources.Min(s => s.Count);
        Count = Math.Min(Total, options.Limit ?? Total);
    }

    public int Count { get; }

    /// <summary>How many samples the data holds, those beyond the limit included.</summary>
    public int Total { get; }

    public string Description
    {
        get
        {
            string first = Count < Total ? string.Create(CultureInfo.InvariantCulture, $", first {Count}") : "";
            string preprocessing = _preprocessing.ToString();
            return string.Join(" and ", _sources.Where(s => s is not RepeatedSource).Select(s => s.Description)) + first
                + (preprocessing.Length > 0 ? ", " + preprocessing : "");
        }
    }

    public string Preparation => _preprocessing.ToJson();

    /// <summary>The class of every sample that the data hold, those beyond the limit included; nothing is read for it.</summary>
    public IReadOnlyList<int?> Labels =>
        [.. (_labels?.Select(l => (int?)l) ?? _sources[0].Labels).Concat(Enumerable.Repeat((int?)null, Total)).Take(Total)];

    /// <summary>Labels of a file or array of their own; null where there is none.</summary>
    public int? LabelCount => _labels?.Count;

    /// <summary>The class list in force; null where there is none.</summary>
    public ClassList? ClassNames { get; private init; }

    /// <summary>What class a sub-folder is; null where labels come from elsewhere.</summary>
    public FolderClasses? Folders => _labels is null ? (_sources[0] as ImageSource)?.Classes : null;

    /// <summary>The names of classes that are known; null where none is.</summary>
    public Func<int, string?>? Naming =>
        ClassNames is { } list ? list.NameOf : Folders is { Rule: not ClassRule.Number } folders ? folders.NameOf : null;

    /// <summary>What the samples looked like that were read last, input by input; empty where none were read.</summary>
    public IReadOnlyList<InputFacts> Facts => _seen ?? [.. _observers.Select(o => o.Facts).OfType<InputFacts>()];

    /// <summary>Takes what others saw of the samples for <see cref="Facts"/>, where nothing is read here.</summary>
    public void Saw(IReadOnlyList<InputFacts> facts) => _seen = facts;

    /// <summary>Classes of the samples within the limit, and of all that the data hold; nothing is read for it.</summary>
    public (int Taken, int All) Classes()
    {
        var labels = Labels;
        return (labels.Take(Count).Distinct().Count(), labels.Distinct().Count());
    }

    /// <summary>Name and length of every file of the data, by names below their folder; nothing of them is read for it.</summary>
    public IEnumerable<(string Name, long Length)> Listing => _sources.SelectMany(s => s.Listing);

    public string Observed => InputFacts.ToJson(Facts);

    public IReadOnlyList<StatePair> States { get; private init; } = [];

    /// <param name="inputs">Names and shapes of the graph inputs; several need a .npz with an array for each.</param>
    /// <param name="calibrated">What calibration saw, to compare with; null where that is not known.</param>
    /// <exception cref="DiagnosticException">
    /// The data cannot be read or labels are missing; shapes are looked at when samples are read.
    /// </exception>
    public static SampleSource Open(
        DataOptions options, IReadOnlyList<(string Name, Shape Shape)> inputs, IReadOnlyList<InputFacts>? calibrated = null)
    {
        Preprocessing.Checked(options.Preprocessing);
        var classes = ClassFile.Of(options);
        var (sources, ownLabels) = RawSources.Open(options, inputs, classes);
        var labels = options is { Labels: { } file, LabelsAreClasses: true } ? LabelFile.Read(file, classes) : ownLabels;
        if (sources.FirstOrDefault(s => s.Count != sources[0].Count) is { } other)
            throw new DiagnosticException(DataCodes.ShapeMismatch,
                $"inputs have different numbers of samples: {sources[0].Description}, {other.Description}",
                hint: "give every array of the file as many samples");
        var preprocessors = inputs.Zip(sources, (i, source) => new Preprocessor(Preparation(i.Name, source), i.Shape, i.Name)).ToList();
        var result = new SampleSource(
            sources, preprocessors, labels, options, () => [.. inputs.Zip(sources, Observer)])
        {
            ClassNames = classes, _inputs = inputs, States = options.States ?? [],
        };
        if (result.Count == 0)
            throw new DiagnosticException(DataCodes.Empty, $"'{options.Path}' holds no sample", hint: "at least one is needed");
        if (labels is not null && labels.Count < result.Count)
            throw new DiagnosticException(DataCodes.Labels,
                $"{Counted.There(result.Count, "sample")}, but only {Counted.Of(labels.Count, "label")}",
                hint: "labels belong to the samples in the same order");
        return result;

        // What a network left is no data.
        Preprocessing Preparation(string input, IRawSource source) =>
            options.States?.Any(s => s.Input == input) == true ? Preprocessing.None : options.Preprocessing.For(source);

        InputObserver Observer((string Name, Shape Shape) input, IRawSource source) =>
            new(input, Preparation(input.Name, source), calibrated?.FirstOrDefault(c => c.Input == input.Name));
    }

    /// <summary>Some samples, spread evenly over the data whatever the limit, as they are stored.</summary>
    public KeptSamples Keep(int count) => new(_sources, _inputs, Labels, count);

    /// <summary>Samples of these indices, which ascend, as the data hold them; null where the network has several inputs.</summary>
    public IEnumerable<RawSample>? Stored(IReadOnlyList<int> indices) => _sources is [var only] ? only.Read(indices) : null;

    public IEnumerable<Sample> Read() => Read(0, Count);

    public Sample ReadOne(int index) => Read(index, 1).Single();

    /// <summary>Samples of these indices, which ascend; <see cref="Facts"/> stay as they were.</summary>
    public IEnumerable<Sample> Read(IReadOnlyList<int> indices) => Prepared([.. _sources.Select(s => s.Read(indices))], indices, []);

    /// <summary>Some samples that follow each other; afterwards <see cref="Facts"/> are theirs.</summary>
    public IEnumerable<Sample> Read(int start, int count)
    {
        var observers = _observe();
        var stored = _sources.Select(s => s.Read(start, count)).ToList();
        foreach (var (i, sample) in Prepared(stored, Enumerable.Range(start, count), observers).Index())
        {
            // A reading that ends early has not seen what the data are like.
            if (i == count - 1) _observers = observers;
            yield return sample;
        }
    }

    /// <param name="stored">Of each input the samples.</param>
    /// <param name="indices">Of the samples.</param>
    /// <param name="observers">Of each input; none where nobody looks.</param>
    private IEnumerable<Sample> Prepared(
        IReadOnlyList<IEnumerable<RawSample>> stored, IEnumerable<int> indices, IReadOnlyList<InputObserver> observers)
    {
        var streams = stored.Select(s => s.GetEnumerator()).ToList();
        try
        {
            foreach (int index in indices)
            {
                var inputs = new Tensor<float>[streams.Count];
                for (int k = 0; k < streams.Count; k++)
                {
                    streams[k].MoveNext();
                    var raw = streams[k].Current;
                    inputs[k] = _preprocessors[k].Apply(raw.Tensor, raw.Name);
                    if (observers.Count > 0) observers[k].Add(raw, inputs[k]);
                }
                yield return new(inputs, _labels?[index] ?? streams[0].Current.Label, streams[0].Current.Name);
            }
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }
}
