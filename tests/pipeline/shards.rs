//! Threads, shards and order: none of them can reach a byte.

use std::collections::BTreeSet;
use std::fs;

use redistill::pipeline::merge;

use crate::toy::{Project, set, visible};

#[test]
fn one_two_and_eight_threads_give_the_same_bytes() {
    let folders = [1, 2, 8].map(|jobs| {
        let mut project = Project::new();
        project.options.jobs = Some(jobs);
        project.ran();
        visible(&project.out())
    });
    assert_eq!(folders[0].len(), 7);
    assert_eq!(folders[0], folders[1]);
    assert_eq!(folders[0], folders[2]);
}

#[test]
fn one_thread_begins_with_what_is_soonest_done_and_a_group_stays_together() {
    let mut project = Project::new();
    project.options.jobs = Some(1);
    project.ran();
    let order = project.toy.ran.lock().unwrap().clone();
    assert!(order[0].starts_with("theory/"), "{order:?}");
    let trials: Vec<usize> = (0..order.len()).filter(|&place| order[place].starts_with("trials/")).collect();
    let theory = order.iter().rposition(|stage| stage.starts_with("theory/")).unwrap();
    assert!(trials[0] > theory, "{order:?}");
    for (group, members) in [["trials/0", "trials/1"], ["trials/2", "trials/3"]].iter().zip(trials.chunks(2)) {
        assert_eq!(members[1], members[0] + 1, "{order:?}");
        assert_eq!(set(group), members.iter().map(|&place| order[place].clone()).collect());
    }
    assert_eq!(order.last().unwrap(), "report");
}

#[test]
fn shards_cover_the_chunks_once_and_balance_their_weight() {
    let project = Project::new();
    let graph = project.graph();
    for count in 1..=5 {
        let shards: Vec<_> = (1..=count).map(|index| graph.shard(&graph.all(), index, count).unwrap()).collect();
        assert_eq!(shards.iter().map(redistill::pipeline::Selection::len).sum::<usize>(), 10);
    }
    // Two groups of weight 4 and six chunks of weight 1: halves of 7.
    let sizes: BTreeSet<usize> = (1..=2).map(|index| graph.shard(&graph.all(), index, 2).unwrap().len()).collect();
    assert_eq!(sizes, [5].into());
    assert!(graph.shard(&graph.all(), 0, 2).is_err());
    assert!(graph.shard(&graph.all(), 3, 2).is_err());
}

#[test]
fn merged_shards_equal_a_plain_run_and_damaged_chunks_are_left_out() {
    let plain = Project::new();
    plain.ran();

    let merged = Project::new();
    let shards: Vec<Project> = (1..=3)
        .map(|index| {
            let shard = Project::new();
            let graph = shard.graph();
            let selection = graph.shard(&graph.all(), index, 3).unwrap();
            shard.run_selected(&graph, &selection, &()).unwrap();
            shard
        })
        .collect();
    let folders: Vec<_> = shards.iter().map(Project::out).collect();
    let damaged = fs::read_dir(folders[0].join(".cache/objects")).unwrap().next().unwrap().unwrap().path();
    let damaged = fs::read_dir(damaged).unwrap().next().unwrap().unwrap().path();
    fs::write(&damaged, "0\n").unwrap();

    let report = merge(&merged.out(), &folders).unwrap();
    assert_eq!((report.copied, report.damaged, report.contradicting.len()), (9, vec![damaged], 0));
    assert_eq!(merge(&merged.out(), &folders).unwrap().present, 9);
    let ran = merged.ran();
    assert_eq!(ran.len(), 5 + 1, "tables, figures, report and the damaged chunk");
    assert!(ran.is_superset(&set(&["table/fig01", "table/fig02", "figure/fig01", "figure/fig02", "report"])));
    assert_eq!(visible(&merged.out()), visible(&plain.out()));

    let missing = merge(&merged.out(), &[merged.root().join("nowhere")]).unwrap_err().to_string();
    assert!(missing.contains("nowhere: no chunks here"), "{missing}");
}

#[test]
fn a_merge_names_stages_whose_bytes_differ_under_one_key() {
    let (first, mut second) = (Project::new(), Project::new());
    second.toy.noise = 1;
    first.ran();
    second.ran();
    let report = merge(&first.out(), &[second.out()]).unwrap();
    assert_eq!(report.contradicting, ["trials/0", "trials/1", "trials/2", "trials/3"]);
    assert_eq!(first.ran(), set(&[]), "what was there stays");
}
